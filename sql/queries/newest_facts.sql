-- What moves whenever drafts may read otherwise: the newest finished run, the newest slices of data and of texts.
-- params: none
-- row: _Newest
with noted as (
    select
        slice,
        revision as moved
    from slice_revisions
    union all
    select
        slice,
        -id
    from moved_slices
)

select
    (
        select max(id)
        from runs
        where completed_at is not null
    ) as run,
    (
        select jsonb_build_array(max(moved), min(moved))::text
        from noted
        where slice !~ '^(prose|guides|workloads)(:|$)'
    ) as facts,
    (
        select jsonb_build_array(max(moved), min(moved))::text
        from noted
        where slice ~ '^(prose|guides|workloads)(:|$)'
    ) as texts;
