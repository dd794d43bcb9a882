-- The size of each table on disk, the largest first; a partitioned table includes its partitions.
-- params: none
-- row: Size (bytes; rows: an estimate; partitions: 0 for a plain table)
select
    root.relname as name,
    sum(pg_total_relation_size(part.oid))::bigint as total_bytes,
    sum(pg_table_size(part.oid))::bigint as table_bytes,
    sum(pg_indexes_size(part.oid))::bigint as index_bytes,
    coalesce(sum(statistics.n_live_tup), 0)::bigint as rows,
    coalesce(sum(statistics.n_dead_tup), 0)::bigint as dead_rows,
    count(*) filter (where part.oid <> root.oid)::integer as partitions
from pg_class as part
join pg_class as root on root.oid = coalesce(pg_partition_root(part.oid), part.oid)
left join pg_stat_user_tables as statistics on statistics.relid = part.oid
where part.relnamespace = 'cloudgpus'::regnamespace
  and part.relkind = 'r'
group by root.relname
order by total_bytes desc, root.relname;
