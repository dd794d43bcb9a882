-- The texts of the pages that a build has made.
-- params: none
-- row: none
copy pg_temp.staged_content (
    id, slug, page_type, title, meta_description, canonical_url, content_html, content_markdown, structured_data,
    related_gpu_ids, related_provider_ids, is_published, created_at, updated_at
) from stdin;
