create or replace function cloudgpus.note_moved_slices() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
declare
    hidden text[] := tg_argv[0];
    changed text;
begin
    if tg_op = 'TRUNCATE' then
        insert into cloudgpus.moved_slices (slice) values ('everything');
        return null;
    end if;

    if tg_op = 'UPDATE' then
        changed := format(
            'select row.* from (
                (select to_jsonb(one) - %2$L::text[] as columns from new_rows as one
                    except all select to_jsonb(one) - %2$L::text[] from old_rows as one)
                union all
                (select to_jsonb(one) - %2$L::text[] from old_rows as one
                    except all select to_jsonb(one) - %2$L::text[] from new_rows as one)
            ) as differing
            cross join lateral jsonb_populate_record(null::%1$s, differing.columns) as row',
            tg_relid::regclass,
            hidden
        );
    else
        changed := format('select * from %I', case tg_op when 'INSERT' then 'new_rows' else 'old_rows' end);
    end if;

    execute format(
        'insert into cloudgpus.moved_slices (slice)
        select distinct named.slice
        from (%s) as changed
        cross join lateral (%s) as named (slice)
        where named.slice is not null',
        changed,
        tg_argv[1]
    );
    return null;
end $$;

comment on function cloudgpus.note_moved_slices() is
    'Note which slices of the catalogue the changed rows belong to. Arguments: columns that no page shows, and a query that '
    'names a row''s slices; an update that leaves all other columns as they were moves nothing, to empty a table everything';
