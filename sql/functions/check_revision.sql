create or replace function cloudgpus.check_revision() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    page record;
    newest record;
    expected text;
begin
    select slug, page_type into page from cloudgpus.content_pages where id = new.page_id for update;
    select number, author into newest
    from cloudgpus.content_revisions where page_id = new.page_id order by number desc limit 1;

    new.slug := page.slug;
    new.page_type := page.page_type;
    new.number := coalesce(newest.number, 0) + 1;
    if not new.is_from_file and new.base_revision is distinct from newest.number then
        raise exception '%: the draft moved: revision % by % is newer than %, which this was made from',
            new.slug, newest.number, newest.author, coalesce(new.base_revision::text, 'none');
    end if;

    expected := cloudgpus.draft_hash(
        new.slug, new.page_type, new.title, new.description, new.markdown, new.structured_data, new.front
    );
    if new.hash <> expected then
        raise exception '%: the hash % is not of this text, whose hash is %', new.slug, left(new.hash, 12), left(expected, 12);
    end if;
    return new;
end $$;

comment on function cloudgpus.check_revision() is
    'Number a revision; refuse one that was made from another than the newest, unless from a file, and one with a wrong hash';
