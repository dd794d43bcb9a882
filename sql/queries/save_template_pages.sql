-- Save the texts of staged_content, which are of generated pages; nothing is written where nothing changed.  Words that
-- somebody approved stay: only what a build adds to them is saved.
-- params: as_of (timestamptz)
-- row: none
with made as (
    select
        staged.slug,
        staged.page_type,
        coalesce(nullif(live.title, ''), staged.title) as title,
        coalesce(nullif(live.description, ''), staged.meta_description) as meta_description,
        staged.canonical_url,
        case when live.id is null then staged.content_html else page.content_html end as content_html,
        coalesce(live.markdown, staged.content_markdown) as content_markdown,
        staged.structured_data,
        staged.related_gpu_ids,
        staged.related_provider_ids,
        case when live.id is null then %(as_of)s::timestamptz else page.generated_at end as generated_at,
        case when live.id is null then 'template:' || staged.page_type else page.generation_prompt end as generation_prompt,
        case when live.id is null then 'template' else page.generation_model end as generation_model
    from pg_temp.staged_content as staged
    left join cloudgpus.content_pages as page on page.slug = staged.slug
    left join cloudgpus.content_revisions as live on live.id = page.live_revision_id
)

insert into cloudgpus.content_pages as kept (
    slug, page_type, title, meta_description, canonical_url, content_html, content_markdown, structured_data,
    related_gpu_ids, related_provider_ids, generated_at, generation_prompt, generation_model, is_published, published_at
)
select
    slug, page_type, title, meta_description, canonical_url, content_html, content_markdown, structured_data,
    related_gpu_ids, related_provider_ids, generated_at, generation_prompt, generation_model, true, %(as_of)s
from made
on conflict (slug) do update
set
    page_type = excluded.page_type,
    title = excluded.title,
    meta_description = excluded.meta_description,
    canonical_url = excluded.canonical_url,
    content_html = excluded.content_html,
    content_markdown = excluded.content_markdown,
    structured_data = excluded.structured_data,
    related_gpu_ids = excluded.related_gpu_ids,
    related_provider_ids = excluded.related_provider_ids,
    generated_at = excluded.generated_at,
    generation_prompt = excluded.generation_prompt,
    generation_model = excluded.generation_model,
    is_published = true,
    published_at = coalesce(kept.published_at, excluded.published_at)
where (
    kept.page_type, kept.title, kept.meta_description, kept.canonical_url, kept.content_html, kept.content_markdown,
    kept.structured_data, kept.related_gpu_ids, kept.related_provider_ids, kept.generation_prompt, kept.is_published
) is distinct from (
    excluded.page_type, excluded.title, excluded.meta_description, excluded.canonical_url, excluded.content_html,
    excluded.content_markdown, excluded.structured_data, excluded.related_gpu_ids, excluded.related_provider_ids,
    excluded.generation_prompt, true
);
