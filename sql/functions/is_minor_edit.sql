create or replace function cloudgpus.is_minor_edit(before text, after text) returns boolean
language plpgsql
immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    -- A claim is bound as a whole: another word in its sentence may make it another claim.
    bound constant text := '\{%.*?endclaim.*?%\}|\{\{.*?\}\}';
    shorter integer := least(length(before), length(after));
    first integer := 0;
    last integer := 0;
begin
    if array(select part[1] from regexp_matches(before, '(' || bound || ')', 'g') as part)
        is distinct from array(select part[1] from regexp_matches(after, '(' || bound || ')', 'g') as part)
    then
        return false;
    end if;

    -- What differs lies between the longest equal beginning and the longest equal end.
    while first < shorter and substr(before, first + 1, 1) = substr(after, first + 1, 1) loop
        first := first + 1;
    end loop;
    while last < shorter - first
        and substr(before, length(before) - last, 1) = substr(after, length(after) - last, 1)
    loop
        last := last + 1;
    end loop;
    return greatest(length(before), length(after)) - first - last <= 200;
end $$;

comment on function cloudgpus.is_minor_edit(text, text) is
    'Whether two texts have the same bindings and claims, and differ within 200 characters from the first to the last difference';
