create or replace function cloudgpus.guard_published() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    revision record;
begin
    if new.live_revision_id is null then
        raise exception '%: a % is published with an approved revision, and this has none', new.slug, new.page_type;
    end if;

    select * into revision from cloudgpus.content_revisions where id = new.live_revision_id and page_id = new.id;
    if revision is null then
        raise exception '%: the revision is of another page', new.slug;
    end if;
    if not exists (
        select
        from cloudgpus.content_reviews as review
        inner join cloudgpus.content_revisions as approved on approved.id = review.revision_id
        where review.page_id = new.id
            and (
                (review.action = 'approve' and approved.hash = revision.hash)
                or (review.action = 'minor' and review.revision_id = revision.id)
            )
    ) then
        raise exception '%: nobody approved revision % (%)', new.slug, revision.number, left(revision.hash, 12);
    end if;
    if revision.id is distinct from (
        select revision_id
        from cloudgpus.content_reviews
        where page_id = new.id
            and action in ('publish', 'minor', 'rollback')
        order by id desc
        limit 1
    ) or cloudgpus.content_state(revision.id) not in ('published', 'stale') then
        raise exception '%: revision % was not published', new.slug, revision.number;
    end if;
    if new.content_markdown is distinct from revision.markdown
        or (revision.title <> '' and new.title is distinct from revision.title)
        or (revision.description <> '' and new.meta_description is distinct from revision.description)
        or (
            new.page_type in ('guide', 'workload')
            and new.front_matter - array['reviewed_by', 'reviewed_on', 'reviewed_hash'] is distinct from revision.front
        )
    then
        raise exception '%: the text is not that of revision %, which was approved', new.slug, revision.number;
    end if;
    return new;
end $$;

comment on function cloudgpus.guard_published() is
    'Refuse a published page whose text is not the approved revision that was last published';
