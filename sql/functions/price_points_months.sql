create or replace function cloudgpus.price_points_months(points regclass) returns setof date
language plpgsql
stable
set search_path = cloudgpus, pg_temp
as $$
declare
    strays bigint;
begin
    execute format(
        'select count(*) from %s as point'
        ' where not exists (select from cloudgpus.instances as offer where offer.id = point.instance_id)',
        points
    ) into strays;
    if strays > 0 then
        raise exception '% has % points of instances that are not in cloudgpus.instances', points, strays
            using
                errcode = 'foreign_key_violation',
                hint = 'Insert providers, GPUs and instances first, with their ids.';
    end if;

    return query execute format(
        'select distinct date_trunc(''month'', point.recorded_at at time zone ''UTC'')::date as month'
        ' from %s as point order by month',
        points
    );
end $$;

comment on function cloudgpus.price_points_months(regclass) is
    'The months (their first days, UTC) in which a table has price points, oldest first';
