-- Save the methodology as it was read, figures still to be filled in; nothing is written where it is the same.
-- params: text (text)
-- row: none
insert into content_pages as c (slug, page_type, title, front_matter)
values ('methodology', 'methodology', 'Methodology', jsonb_build_object('text', %(text)s::text))
on conflict (slug) do update
set front_matter = excluded.front_matter
where c.front_matter is distinct from excluded.front_matter;
