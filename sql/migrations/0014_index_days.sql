-- A GPU has a price index from its thirtieth day with three providers: the first thirty of them move the list of GPUs.

do $$
declare
    event text;
begin
    foreach event in array array['insert', 'update', 'delete'] loop
        execute format(
            'create trigger %I after %s on cloudgpus.market_days referencing %s for each statement
            execute function cloudgpus.note_moved_slices(%L, %L)',
            format('move_index_days_%s', event),
            event,
            case event
                when 'insert' then 'new table as new_rows'
                when 'delete' then 'old table as old_rows'
                else 'old table as old_rows new table as new_rows'
            end,
            array['floor', 'median'],
            $sql$
                select 'listed_gpus'
                where changed.providers_n >= 3
                    and not exists (
                        select
                        from cloudgpus.market_days as earlier
                        where earlier.gpu_model_id = changed.gpu_model_id
                            and earlier.day < changed.day
                            and earlier.providers_n >= 3
                        offset 29
                    )
            $sql$
        );
    end loop;
end $$;

insert into cloudgpus.moved_slices (slice) values ('listed_gpus');

insert into cloudgpus.schema_migrations (id) values ('0014_index_days');
