-- Save a reviewed text: published where it is approved; a draft never touches the row of one that is live.
-- params: slug (text), page_type (text), title (text), meta_description (text), content_html (text), content_markdown (text), front_matter (jsonb), is_published (boolean), as_of (timestamptz)
-- row: none
insert into content_pages as c (
    slug,
    page_type,
    title,
    meta_description,
    content_html,
    content_markdown,
    front_matter,
    generation_model,
    is_published,
    published_at
)
values (
    %(slug)s,
    %(page_type)s,
    %(title)s,
    %(meta_description)s,
    %(content_html)s,
    %(content_markdown)s,
    %(front_matter)s::jsonb,
    'human',
    %(is_published)s::boolean,
    case when %(is_published)s::boolean then %(as_of)s::timestamptz end
)
on conflict (slug) do update
set
    title = excluded.title,
    meta_description = excluded.meta_description,
    content_html = excluded.content_html,
    content_markdown = excluded.content_markdown,
    front_matter = excluded.front_matter,
    is_published = excluded.is_published,
    published_at = coalesce(c.published_at, excluded.published_at)
where (excluded.is_published or not c.is_published)
  and (c.title, c.meta_description, c.content_html, c.content_markdown, c.front_matter, c.is_published)
  is distinct from (
      excluded.title, excluded.meta_description, excluded.content_html, excluded.content_markdown,
      excluded.front_matter, excluded.is_published
  );
