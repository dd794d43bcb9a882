-- What moves whenever pages may have to be made again: the newest finished run and build, and the last change of a
-- text, a provider or a GPU.
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
    greatest(
        (
            select max(updated_at)
            from content_pages
        ),
        (
            select max(updated_at)
            from providers
        ),
        (
            select max(updated_at)
            from gpu_models
        )
    ) as changed_at;
