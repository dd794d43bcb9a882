-- Texts from before the desk: each gets its revision, and what is live or waits also the approval that its file stated.
create or replace function cloudgpus.adopt_published_texts() returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    page record;
    stated jsonb;
    made bigint;
    adopted integer := 0;
begin
    for page in
        select *
        from cloudgpus.content_pages as one
        where page_type in ('guide', 'workload')
            and not exists (select from cloudgpus.content_revisions where page_id = one.id)
        order by slug
    loop
        stated := case when jsonb_typeof(page.front_matter) = 'object' then page.front_matter else '{}' end;
        insert into cloudgpus.content_revisions (
            page_id, hash, title, description, markdown, front, author, kind, is_from_file, text_hash, created_at
        )
        select
            page.id,
            cloudgpus.draft_hash(
                page.slug, page.page_type, page.title, coalesce(page.meta_description, ''),
                coalesce(page.content_markdown, ''), '{}', front
            ),
            page.title,
            coalesce(page.meta_description, ''),
            coalesce(page.content_markdown, ''),
            front,
            coalesce(stated ->> 'author', 'before the desk'),
            'human',
            true,
            stated ->> 'reviewed_hash',
            coalesce(page.published_at, page.updated_at)
        from (select stated - array['reviewed_by', 'reviewed_on', 'reviewed_hash', 'waits'] as front) as kept
        returning id into made;
        adopted := adopted + 1;
        if page.is_published or stated ? 'waits' then
            insert into cloudgpus.content_reviews (page_id, revision_id, action, actor, at, is_signed, signed_on, text_hash)
            values (
                page.id, made, 'approve', coalesce(stated ->> 'reviewed_by', 'before the desk'),
                coalesce(page.published_at, page.updated_at), true, (stated ->> 'reviewed_on')::date, stated ->> 'reviewed_hash'
            );
        end if;
        if page.is_published then
            insert into cloudgpus.content_reviews (page_id, revision_id, action, actor, at)
            values (page.id, made, 'publish', 'ci', page.published_at);
        elsif stated ? 'waits' then
            insert into cloudgpus.content_reviews (page_id, revision_id, action, actor, at, scheduled_for)
            values (page.id, made, 'schedule', 'ci', page.updated_at, (stated ->> 'published_on')::date at time zone 'UTC');
        end if;

        -- The row stays as it was, but for its revision.
        update cloudgpus.content_pages
        set
            content_html = page.content_html,
            front_matter = stated - 'waits',
            generated_at = page.generated_at,
            generation_prompt = page.generation_prompt,
            generation_model = page.generation_model
        where id = page.id;
    end loop;
    return adopted;
end $$;

comment on function cloudgpus.adopt_published_texts() is
    'Give guides and texts about workloads from before the desk their revisions and approvals; how many';
