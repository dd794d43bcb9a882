create or replace function cloudgpus.content_is_moved(page uuid, draft bigint) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive made_from as (
        select number, base_revision from cloudgpus.content_revisions where id = draft
        union
        select earlier.number, earlier.base_revision
        from made_from
        inner join cloudgpus.content_revisions as earlier
            on earlier.page_id = page and earlier.number = made_from.base_revision
    )

    select exists (
        select
        from cloudgpus.content_pages
        inner join cloudgpus.content_revisions as live on live.id = content_pages.live_revision_id
        where content_pages.id = page
            and live.number not in (select number from made_from)
    )
$$;

comment on function cloudgpus.content_is_moved(uuid, bigint) is
    'Whether the live text is none of those that a revision was made from: to publish it would undo what others published';
