-- Let each function be called by the roles it is for, and by nobody else; psql runs it after sql/functions/.
-- params: none
-- row: none
do $$
declare
    function record;
    member text;
begin
    for function in
        select
            proc.oid::regprocedure as name,
            -- Nobody calls a trigger's function; the others here adopt, pack and detach history, or change what is not only ours.
            proc.prorettype <> 'trigger'::regtype and proc.proname not in (
                'adopt_published_texts',
                'adopt_price_points',
                'begin_page',
                'compact_price_history',
                'decide_on_price',
                'detach_price_history',
                'name_gpu',
                'price_points_months',
                'record_refusal',
                'record_signed_approval',
                'record_visit',
                'refuse_large_objects'
            ) as is_for_service,
            -- Editors read with every function that only reads, and write through these.
            proc.prorettype <> 'trigger'::regtype and (
                proc.provolatile <> 'v'
                or proc.proname in (
                    'begin_page', 'decide_on_price', 'name_gpu', 'record_refusal', 'record_visit', 'settle_for_drafts'
                )
            ) as is_for_editors,
            proc.proname in ('begin_page', 'record_refusal', 'record_signed_approval') as is_for_ci
        from pg_catalog.pg_proc as proc
        where proc.pronamespace = 'cloudgpus'::regnamespace
            and pg_has_role(proc.proowner, 'usage')
    loop
        execute format('revoke all on function %s from public', function.name);
        for member in
            select rolname
            from pg_catalog.pg_roles
            where rolname in (
                'anon', 'authenticated', 'service_role', 'postgres', 'cloudgpus_ci', 'cloudgpus_editor'
            )
                and rolname <> current_user
        loop
            execute format(
                case
                    when member = 'postgres'
                        or (member = 'service_role' and function.is_for_service)
                        or (member = 'cloudgpus_ci' and (function.is_for_service or function.is_for_ci))
                        or (member = 'cloudgpus_editor' and function.is_for_editors)
                        then 'grant execute on function %s to %I'
                    else 'revoke all on function %s from %I'
                end,
                function.name,
                member
            );
        end loop;
    end loop;
end $$;
