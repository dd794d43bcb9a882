create or replace function cloudgpus.canonical_json(value jsonb) returns text
language plpgsql
immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    case jsonb_typeof(value)
        when 'object' then
            return '{' || coalesce((
                select string_agg(to_jsonb(key)::text || ':' || cloudgpus.canonical_json(item), ',' order by key collate "C")
                from jsonb_each(value) as pair (key, item)
            ), '') || '}';
        when 'array' then
            return '[' || coalesce((
                select string_agg(cloudgpus.canonical_json(item), ',' order by place)
                from jsonb_array_elements(value) with ordinality as listed (item, place)
            ), '') || ']';
        else
            return value::text;
    end case;
end $$;

comment on function cloudgpus.canonical_json(jsonb) is
    'A JSON value as one text, without spaces and with sorted keys, as generator/desk/drafts.py hashes it';
