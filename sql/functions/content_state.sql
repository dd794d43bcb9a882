create or replace function cloudgpus.content_state(revision bigint) returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select state
    from cloudgpus.content_reviews
    where revision_id = revision
        and state is not null
    order by id desc
    limit 1
$$;

comment on function cloudgpus.content_state(bigint) is 'The state of a revision: that of its last review that gave it one';
