-- What moves whenever pages may have to be made again: the newest finished run and build, the last change of a text.
-- params: none
-- row: Newest
select
    (
        select max(id)
        from runs
        where completed_at is not null
    ) as run,
    (
        select max(id)
        from builds
        where completed_at is not null
    ) as build,
    (
        select max(updated_at)
        from content_pages
    ) as text_changed_at;
