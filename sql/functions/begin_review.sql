create or replace function cloudgpus.begin_review() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into cloudgpus.content_reviews (page_id, revision_id, action, actor, at)
    values (new.page_id, new.id, 'draft', new.author, new.created_at);

    -- Until something is live, the page's row shows the newest draft.
    update cloudgpus.content_pages
    set
        title = new.title,
        meta_description = new.description,
        content_html = null,
        content_markdown = new.markdown,
        front_matter = new.front,
        generation_model = case new.kind when 'llm' then coalesce(new.generation ->> 'model', 'llm') else new.kind end
    where id = new.page_id
        and page_type in ('guide', 'workload')
        and live_revision_id is null
        and not is_published;
    return null;
end $$;

comment on function cloudgpus.begin_review() is 'A new revision is a draft';
