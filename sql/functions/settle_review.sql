create or replace function cloudgpus.settle_review() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    revision record;
    approval record;
begin
    if new.action = 'unpublish' then
        -- A page that has text of its own stays, with that.
        update cloudgpus.content_pages
        set is_published = is_published and page_type not in ('guide', 'workload'), live_revision_id = null
        where id = new.page_id
            and live_revision_id = new.revision_id;
    elsif new.state = 'published' and new.action <> 'mark_stale' then
        select * into revision from cloudgpus.content_revisions where id = new.revision_id;
        select
            coalesce(nullif(editor.public_name, ''), review.actor) as reviewer,
            coalesce(review.signed_on, (review.at at time zone 'UTC')::date) as reviewed_on
        into approval
        from cloudgpus.content_reviews as review
        inner join cloudgpus.content_revisions as approved on approved.id = review.revision_id
        left join cloudgpus.editors as editor on editor.name = review.actor
        where review.page_id = new.page_id
            and review.action = 'approve'
            and (new.action = 'minor' or approved.hash = revision.hash)
        order by review.id desc
        limit 1;

        update cloudgpus.content_pages
        set
            live_revision_id = revision.id,
            is_published = true,
            published_at = coalesce(published_at, new.at),
            title = coalesce(nullif(revision.title, ''), title),
            meta_description = coalesce(nullif(revision.description, ''), meta_description),
            content_html = null,
            content_markdown = revision.markdown,
            structured_data = case when revision.structured_data = '{}' then structured_data else revision.structured_data end,
            front_matter = case when page_type not in ('guide', 'workload') then front_matter else
                revision.front || jsonb_build_object(
                    'reviewed_by', approval.reviewer,
                    'reviewed_on', approval.reviewed_on,
                    'reviewed_hash', revision.text_hash
                )
            end,
            generated_at = new.at,
            generation_prompt = revision.generation ->> 'prompt',
            generation_model = case revision.kind
                when 'llm' then coalesce(revision.generation ->> 'model', 'llm')
                else revision.kind
            end
        where id = new.page_id;
    end if;
    return null;
end $$;

comment on function cloudgpus.settle_review() is 'Put on its page what a review publishes, and take off what it unpublishes';
