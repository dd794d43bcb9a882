create or replace function cloudgpus.begin_page(page text, kind text, heading text) returns void
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into cloudgpus.content_pages (slug, page_type, title)
    values (page, kind, heading)
    on conflict (slug) do nothing
$$;

comment on function cloudgpus.begin_page(text, text, text) is
    'Make the row of a page that gets its first draft, not published: what moves with it is not the editor''s to write';
