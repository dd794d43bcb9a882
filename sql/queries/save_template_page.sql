-- Save the text of a generated page; nothing is written where nothing changed.
-- params: slug (text), page_type (text), title (text), meta_description (text), canonical_url (text), content_html (text), content_markdown (text), structured_data (jsonb), related_gpu_ids (uuid[]), related_provider_ids (uuid[]), generation_prompt (text), as_of (timestamptz)
-- row: none
insert into content_pages as c (
    slug,
    page_type,
    title,
    meta_description,
    canonical_url,
    content_html,
    content_markdown,
    structured_data,
    related_gpu_ids,
    related_provider_ids,
    generated_at,
    generation_prompt,
    generation_model,
    is_published,
    published_at
)
values (
    %(slug)s,
    %(page_type)s,
    %(title)s,
    %(meta_description)s,
    %(canonical_url)s,
    %(content_html)s,
    %(content_markdown)s,
    %(structured_data)s::jsonb,
    %(related_gpu_ids)s::uuid[],
    %(related_provider_ids)s::uuid[],
    %(as_of)s,
    %(generation_prompt)s,
    'template',
    true,
    %(as_of)s
)
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
    published_at = coalesce(c.published_at, excluded.published_at)
where (
    c.page_type, c.title, c.meta_description, c.canonical_url, c.content_html, c.content_markdown,
    c.structured_data, c.related_gpu_ids, c.related_provider_ids, c.generation_prompt, c.is_published
) is distinct from (
    excluded.page_type, excluded.title, excluded.meta_description, excluded.canonical_url, excluded.content_html,
    excluded.content_markdown, excluded.structured_data, excluded.related_gpu_ids, excluded.related_provider_ids,
    excluded.generation_prompt, true
);
