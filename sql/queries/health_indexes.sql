-- How much each index is used, the most used first; an index of a partitioned table counts all its partitions.
-- params: as_of (timestamptz)
-- row: IndexUse (is_needed: it keeps a key or a constraint; counted_days: since when the server counts)
select
    coalesce(root_table.relname, used.relname) as table_name,
    coalesce(root_index.relname, used.indexrelname) as name,
    sum(used.idx_scan)::bigint as scans,
    sum(used.idx_tup_read)::bigint as rows_read,
    sum(used.idx_tup_fetch)::bigint as rows_fetched,
    sum(pg_relation_size(used.indexrelid))::bigint as bytes,
    bool_or(definition.indisunique) as is_needed,
    round(
        (
            extract(
                epoch from %(as_of)s::timestamptz
                - coalesce(
                    (select stats_reset from pg_stat_database where datname = current_database()),
                    pg_postmaster_start_time()
                )
            ) / 86400
        )::numeric,
        1
    ) as counted_days
from pg_stat_user_indexes as used
join pg_index as definition on definition.indexrelid = used.indexrelid
left join pg_class as root_index on root_index.oid = pg_partition_root(used.indexrelid) and root_index.oid <> used.indexrelid
left join pg_class as root_table on root_table.oid = pg_partition_root(used.relid) and root_table.oid <> used.relid
where used.schemaname = 'cloudgpus'
group by table_name, name
order by scans desc, table_name, name;
