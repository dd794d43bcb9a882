-- Save the texts of staged_content, which are of generated pages; nothing is written where nothing changed.
-- params: as_of (timestamptz)
-- row: none
insert into cloudgpus.content_pages as kept (
    slug, page_type, title, meta_description, canonical_url, content_html, content_markdown, structured_data,
    related_gpu_ids, related_provider_ids, generated_at, generation_prompt, generation_model, is_published, published_at
)
select
    slug, page_type, title, meta_description, canonical_url, content_html, content_markdown, structured_data,
    related_gpu_ids, related_provider_ids, %(as_of)s, 'template:' || page_type, 'template', true, %(as_of)s
from pg_temp.staged_content
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
