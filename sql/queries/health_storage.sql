-- What the other health checks need: partitions, transactions, size, archiving.
-- params: as_of (timestamptz)
-- row: _Storage (months_ahead: consecutive partitions after this month's; 0: this month's only, -1: not even that)
with months as (
    select
        number,
        to_regclass(
            format('cloudgpus.price_history_%%s', to_char(date_trunc('month', %(as_of)s at time zone 'UTC') + make_interval(months => number), 'YYYY_MM'))
        ) is not null as exists
    from generate_series(0, 24) as number
)

select
    coalesce((select min(number) from months where not exists), 25) - 1 as months_ahead,
    (select count(*) from cloudgpus.price_history_default) as default_rows,
    pg_database_size(current_database()) as bytes,
    coalesce(
        (
            select extract(epoch from max(clock_timestamp() - xact_start))
            from pg_stat_activity
            where datname = current_database()
              and pid <> pg_backend_pid()
              and backend_type = 'client backend'
        ),
        0
    )::double precision as longest_transaction,
    current_setting('archive_mode') <> 'off' as is_archiving,
    (
        select last_failed_wal
        from pg_stat_archiver
        where last_failed_time > coalesce(last_archived_time, '-infinity')
    ) as failed_log_file;
