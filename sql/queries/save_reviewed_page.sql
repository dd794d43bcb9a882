-- Save what a build adds to a page of reviewed prose; its text and its review stay as published.
-- params: slug (text), content_html (text), canonical_url (text), structured_data (jsonb), related_gpu_ids (uuid[]), related_provider_ids (uuid[])
-- row: none
update content_pages
set
    content_html = %(content_html)s,
    canonical_url = %(canonical_url)s,
    structured_data = %(structured_data)s::jsonb,
    related_gpu_ids = %(related_gpu_ids)s::uuid[],
    related_provider_ids = %(related_provider_ids)s::uuid[]
where slug = %(slug)s
  and (content_html, canonical_url, structured_data, related_gpu_ids, related_provider_ids) is distinct from (
      %(content_html)s, %(canonical_url)s, %(structured_data)s::jsonb, %(related_gpu_ids)s::uuid[], %(related_provider_ids)s::uuid[]
  );
