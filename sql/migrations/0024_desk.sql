-- The editors' desk: revisions of the texts of pages, their reviews, who may do what, and an audit log that can't be rewritten.

create table cloudgpus.editors (
    id bigint generated always as identity primary key,
    name text not null unique,
    role text not null,
    public_name text not null default '',
    profile_url text not null default '',
    password_hash text,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),

    constraint editors_role_known check (role in ('editor', 'reviewer', 'admin')),
    constraint editors_name_is_a_person check (name ~ '^\S(.*\S)?$' and name not in ('ci', 'build'))
);

comment on table cloudgpus.editors is 'Who may write and review texts';
comment on column cloudgpus.editors.role is 'editor: writes; reviewer: approves, too; admin: also manages editors';
comment on column cloudgpus.editors.public_name is 'As pages name who reviewed them; empty: the name';
comment on column cloudgpus.editors.password_hash is 'argon2id; null: can''t log in';

create table cloudgpus.content_revisions (
    id bigint generated always as identity primary key,
    page_id uuid not null references cloudgpus.content_pages (id) on delete restrict,
    number integer not null,
    slug text not null,
    page_type text not null,
    hash text not null,
    title text not null,
    description text not null,
    markdown text not null,
    structured_data jsonb not null default '{}',
    front jsonb not null default '{}',
    author text not null,
    kind text not null,
    base_revision integer,
    is_minor boolean not null default false,
    is_from_file boolean not null default false,
    facts jsonb not null default '[]',
    claims jsonb not null default '[]',
    checks jsonb,
    generation jsonb,
    input_fingerprint text not null default '',
    text_hash text,
    created_at timestamptz not null,

    unique (page_id, number),
    constraint content_revisions_kind_known check (kind in ('human', 'template', 'llm')),
    constraint content_revisions_author_is_there check (author ~ '\S'),
    constraint content_revisions_checks_are_a_list check (checks is null or jsonb_typeof(checks) = 'array')
);

create index idx_content_revisions_hash on cloudgpus.content_revisions (page_id, hash);

comment on table cloudgpus.content_revisions is 'Every text that was ever proposed for a page; rows are only added';
comment on column cloudgpus.content_revisions.hash is 'draft_hash() of the text, which the trigger computes again';
comment on column cloudgpus.content_revisions.slug is 'The page''s at the time, which the hash covers';
comment on column cloudgpus.content_revisions.title is 'Empty: the page type''s own, for a page that is no guide or workload';
comment on column cloudgpus.content_revisions.front is 'What a file states besides: author, summary, sources, what it is about';
comment on column cloudgpus.content_revisions.base_revision is 'The number of the revision that it was made from';
comment on column cloudgpus.content_revisions.facts is 'Each binding with its value when the text was saved';
comment on column cloudgpus.content_revisions.claims is 'Each claim, and whether it held when the text was saved';
comment on column cloudgpus.content_revisions.checks is 'What the checks found when the text was saved; null: not checked';
comment on column cloudgpus.content_revisions.generation is 'Of a generated text: template or model, prompt, parameters, cost';
comment on column cloudgpus.content_revisions.input_fingerprint is 'Hash of the facts that a generated text was made from';
comment on column cloudgpus.content_revisions.text_hash is 'The hash of what a file''s front matter approves (generator/prose/texts.py)';

create table cloudgpus.content_reviews (
    id bigint generated always as identity primary key,
    page_id uuid not null references cloudgpus.content_pages (id) on delete restrict,
    revision_id bigint not null references cloudgpus.content_revisions (id) on delete restrict,
    action text not null,
    state text,
    actor text not null,
    reason_code text,
    comment text not null default '',
    at timestamptz not null,
    scheduled_for timestamptz,
    due timestamptz,
    seconds integer,
    together text,
    reasons text[] not null default '{}',
    facts jsonb,
    claims jsonb,
    checks jsonb,
    is_over_live boolean not null default false,
    is_signed boolean not null default false,
    signed_on date,
    text_hash text,
    commit text,

    constraint content_reviews_action_known check (action in (
        'draft', 'submit', 'approve', 'request_changes', 'reject', 'schedule', 'publish', 'minor', 'rollback',
        'mark_stale', 'unpublish', 'archive', 'take', 'comment', 'check'
    )),
    constraint content_reviews_state_known check (state in (
        'draft', 'in_review', 'approved', 'rejected', 'scheduled', 'published', 'stale', 'unpublished', 'archived'
    )),
    constraint content_reviews_reason_known check (reason_code in (
        'wrong_fact', 'unsupported', 'thin', 'duplicate', 'tone', 'legal', 'off_topic', 'other'
    )),
    constraint content_reviews_checks_are_a_list check (checks is null or jsonb_typeof(checks) = 'array')
);

create index idx_content_reviews_page on cloudgpus.content_reviews (page_id, id);
create index idx_content_reviews_revision on cloudgpus.content_reviews (revision_id, id);

comment on table cloudgpus.content_reviews is 'Everything that was done with revisions, in order; rows are only added';
comment on column cloudgpus.content_reviews.state is 'What the revision is from then on, as the trigger sets it; null: as before';
comment on column cloudgpus.content_reviews.due is 'Until when whoever takes a page means to have looked at it';
comment on column cloudgpus.content_reviews.seconds is 'How long the review took';
comment on column cloudgpus.content_reviews.together is 'The same for all pages that were approved as one set';
comment on column cloudgpus.content_reviews.reasons is 'Why a live text is stale; empty: it no longer is';
comment on column cloudgpus.content_reviews.checks is 'What the checks found at that time; null: not checked then';
comment on column cloudgpus.content_reviews.is_over_live is 'Published though the live text had moved meanwhile';
comment on column cloudgpus.content_reviews.is_signed is 'An approval that a file in the repository states';
comment on column cloudgpus.content_reviews.commit is 'The commit with that file; null: not known';

create table cloudgpus.slug_history (
    id bigint generated always as identity primary key,
    old_path text not null,
    new_path text,
    status smallint not null,
    at timestamptz not null,
    actor text not null,

    constraint slug_history_status_known check (status = 301 and new_path is not null or status = 410 and new_path is null)
);

comment on table cloudgpus.slug_history is 'Where pages with revisions were before; rows are only added';
comment on column cloudgpus.slug_history.status is '301: moved; 410: gone';

create table cloudgpus.audit_log (
    seq bigint primary key,
    at timestamptz not null,
    actor text not null,
    action text not null,
    object text not null,
    before_hash text,
    after_hash text,
    detail jsonb not null default '{}',
    prev_hash text not null,
    this_hash text not null unique
);

comment on table cloudgpus.audit_log is 'Every change of the desk''s tables and every refusal, each row chained to the one before';
comment on column cloudgpus.audit_log.this_hash is 'SHA-256 of prev_hash and audit_line() of the row, in hex';

alter table cloudgpus.content_pages
    add column live_revision_id bigint references cloudgpus.content_revisions (id) on delete restrict,
    add column imported_hash text;

create index idx_content_pages_live on cloudgpus.content_pages (live_revision_id) where live_revision_id is not null;

comment on column cloudgpus.content_pages.live_revision_id is 'The approved text that is shown; null: the page type''s own, or none';
comment on column cloudgpus.content_pages.imported_hash is 'Of its file with its review, as last imported: the same again imports nothing';

alter table cloudgpus.builds add column audit_head text;

comment on column cloudgpus.builds.audit_head is 'this_hash of the last row of audit_log at that time: a log without it was cut';

-- What each table may become, and that nothing happens without a row in the log.
create trigger chain before insert on cloudgpus.audit_log for each row execute function cloudgpus.chain_audit();

create trigger check_revision
    before insert on cloudgpus.content_revisions
    for each row execute function cloudgpus.check_revision();

create trigger note_revision
    after insert on cloudgpus.content_revisions
    for each row execute function cloudgpus.note_desk();

create trigger begin_review
    after insert on cloudgpus.content_revisions
    for each row execute function cloudgpus.begin_review();

create trigger check_review
    before insert on cloudgpus.content_reviews
    for each row execute function cloudgpus.check_review();

create trigger note_review
    after insert on cloudgpus.content_reviews
    for each row when (new.action <> 'draft') execute function cloudgpus.note_desk();

create trigger settle_review
    after insert on cloudgpus.content_reviews
    for each row execute function cloudgpus.settle_review();

create trigger note_slug
    after insert on cloudgpus.slug_history
    for each row execute function cloudgpus.note_desk();

create trigger note_editor
    after insert or update or delete on cloudgpus.editors
    for each row execute function cloudgpus.note_desk();

create trigger guard_published
    before insert or update on cloudgpus.content_pages
    for each row when (new.is_published and (new.live_revision_id is not null or new.page_type in ('guide', 'workload')))
    execute function cloudgpus.guard_published();

create trigger note_page_update
    after update on cloudgpus.content_pages
    for each row when (
        old.live_revision_id is distinct from new.live_revision_id
        or (
            old.is_published <> new.is_published
            and (new.live_revision_id is not null or old.page_type in ('guide', 'workload'))
        )
        or (old.slug <> new.slug and old.live_revision_id is not null)
    ) execute function cloudgpus.note_desk();

create trigger note_page_delete
    after delete on cloudgpus.content_pages
    for each row when (old.page_type in ('guide', 'workload')) execute function cloudgpus.note_desk();

create trigger keep_slug
    after update on cloudgpus.content_pages
    for each row when (old.slug <> new.slug and (old.live_revision_id is not null or old.published_at is not null))
    execute function cloudgpus.keep_slug();

do $$
declare
    relation text;
begin
    foreach relation in array array['content_revisions', 'content_reviews', 'slug_history', 'audit_log'] loop
        execute format(
            'create trigger refuse_to_rewrite before update or delete or truncate on cloudgpus.%I
            for each statement execute function cloudgpus.refuse_to_rewrite()',
            relation
        );
    end loop;
end $$;

-- The words of a page that has reviewed ones.
do $$
declare
    event text;
begin
    foreach event in array array['insert', 'update', 'delete'] loop
        execute format(
            'create trigger move_prose_%s after %s on cloudgpus.content_pages %s
            for each statement execute function cloudgpus.note_moved_slices(%L, %L)',
            event,
            event,
            case event
                when 'insert' then 'referencing new table as new_rows'
                when 'delete' then 'referencing old table as old_rows'
                else 'referencing old table as old_rows new table as new_rows'
            end,
            array[
                'created_at', 'updated_at', 'published_at', 'generated_at', 'content_html', 'canonical_url',
                'structured_data', 'related_gpu_ids', 'related_provider_ids', 'imported_hash'
            ],
            $sql$ select 'prose:' || changed.slug where changed.live_revision_id is not null $sql$
        );
    end loop;
end $$;

select cloudgpus.adopt_published_texts();

create view cloudgpus.content_states with (security_invoker = true) as
select
    revision.slug as revision_slug,
    page.id as page_id,
    page.slug,
    page.page_type,
    page.title,
    settled.state,
    revision.id as revision_id,
    revision.number as revision,
    revision.hash,
    live.number as live_revision,
    live.hash as live_hash,
    revision.author,
    revision.kind,
    settled.actor,
    settled.reason_code,
    settled.comment,
    settled.at,
    case settled.state when 'scheduled' then settled.scheduled_for end as scheduled_for,
    taken.actor as holder,
    taken.due,
    cloudgpus.content_is_moved(page.id, revision.id) as is_moved,
    coalesce(stale.reasons, '{}') as stale_reasons,
    cloudgpus.content_checks(page.id, revision.hash) as checks
from cloudgpus.content_pages as page
inner join lateral (
    select *
    from cloudgpus.content_revisions
    where page_id = page.id
    order by number desc
    limit 1
) as revision on true
inner join lateral (
    select *
    from cloudgpus.content_reviews
    where revision_id = revision.id
        and state is not null
    order by id desc
    limit 1
) as settled on true
left join cloudgpus.content_revisions as live on live.id = page.live_revision_id
left join lateral (
    select actor, due
    from cloudgpus.content_reviews
    where page_id = page.id
        and action = 'take'
        and id > settled.id
    order by id desc
    limit 1
) as taken on true
left join lateral (
    select reasons
    from cloudgpus.content_reviews
    where revision_id = page.live_revision_id
        and state is not null
    order by id desc
    limit 1
) as stale on true;

comment on view cloudgpus.content_states is 'Each page that has revisions: the state of the newest one, and what is live';
comment on column cloudgpus.content_states.is_moved is 'The live text is none of those that the newest revision was made from';
comment on column cloudgpus.content_states.stale_reasons is 'Why the live text is stale; empty: it is not';

-- Who may do what: groups, whose members log in.  ci does what a build does; it approves nothing but through
-- record_signed_approval().  editor writes and reviews; its rows, too, have to pass the triggers.
do $$
declare
    wanted text;
    relation record;
begin
    foreach wanted in array array['cloudgpus_ci', 'cloudgpus_editor'] loop
        continue when exists (select from pg_catalog.pg_roles where rolname = wanted);
        begin
            execute format('create role %I nologin', wanted);
            insert into cloudgpus.project_objects (kind, name) values ('role', wanted);
        exception
            when duplicate_object or unique_violation then
                null;
            when insufficient_privilege then
                raise notice 'role % is missing and % may not create it: no access is granted to it', wanted, current_user;
        end;
    end loop;

    foreach wanted in array array['editors', 'content_revisions', 'content_reviews', 'slug_history', 'audit_log'] loop
        execute format('alter table cloudgpus.%I enable row level security', wanted);
        if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
            execute format('revoke all on cloudgpus.%I from service_role', wanted);
            if wanted <> 'editors' then
                execute format('grant select on cloudgpus.%I to service_role', wanted);
                execute format('create policy service on cloudgpus.%I for select to service_role using (true)', wanted);
            end if;
        end if;
    end loop;
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        revoke all on cloudgpus.content_states from service_role;
        grant select on cloudgpus.content_states to service_role;
    end if;

    if exists (select from pg_catalog.pg_roles where rolname = 'cloudgpus_ci') then
        grant usage on schema cloudgpus to cloudgpus_ci;
        grant usage on all sequences in schema cloudgpus to cloudgpus_ci;
        for relation in
            select relname as name, relrowsecurity as is_guarded, relkind
            from pg_catalog.pg_class
            where relnamespace = 'cloudgpus'::regnamespace
                and relkind in ('r', 'p', 'v')
                and not relispartition
        loop
            if relation.relkind = 'v' or relation.name in (
                'schema_migrations', 'schema_functions', 'project_objects', 'content_revisions', 'content_reviews',
                'slug_history', 'audit_log'
            ) then
                execute format('grant select on cloudgpus.%I to cloudgpus_ci', relation.name);
            elsif relation.name <> 'editors' then
                execute format('grant select, insert, update, delete on cloudgpus.%I to cloudgpus_ci', relation.name);
            end if;
            if relation.is_guarded and relation.name not in ('content_revisions', 'content_reviews', 'slug_history', 'audit_log', 'editors') then
                execute format('create policy ci on cloudgpus.%I to cloudgpus_ci using (true) with check (true)', relation.name);
            elsif relation.is_guarded and relation.name <> 'editors' then
                execute format('create policy ci on cloudgpus.%I for select to cloudgpus_ci using (true)', relation.name);
            end if;
        end loop;
        grant truncate on cloudgpus.page_slices to cloudgpus_ci;
        grant insert on cloudgpus.content_revisions, cloudgpus.content_reviews to cloudgpus_ci;
        create policy ci_writes on cloudgpus.content_revisions for insert to cloudgpus_ci
            with check (author in ('ci', 'build') or is_from_file);
        create policy ci_writes on cloudgpus.content_reviews for insert to cloudgpus_ci with check (
            actor in ('ci', 'build')
            and action in ('submit', 'check', 'mark_stale', 'publish', 'schedule')
            and not is_signed
        );
    end if;

    if exists (select from pg_catalog.pg_roles where rolname = 'cloudgpus_editor') then
        grant usage on schema cloudgpus to cloudgpus_editor;
        for relation in
            select relname as name, relrowsecurity as is_guarded
            from pg_catalog.pg_class
            where relnamespace = 'cloudgpus'::regnamespace
                and relkind in ('r', 'p', 'v')
                and not relispartition
        loop
            execute format('grant select on cloudgpus.%I to cloudgpus_editor', relation.name);
            if relation.is_guarded then
                execute format('create policy editor on cloudgpus.%I for select to cloudgpus_editor using (true)', relation.name);
            end if;
        end loop;
        grant insert (slug, page_type, title) on cloudgpus.content_pages to cloudgpus_editor;
        create policy editor_begins on cloudgpus.content_pages for insert to cloudgpus_editor with check (not is_published);
        grant insert on cloudgpus.content_revisions, cloudgpus.content_reviews, cloudgpus.slug_history to cloudgpus_editor;
        create policy editor_writes on cloudgpus.content_revisions for insert to cloudgpus_editor
            with check (author not in ('ci', 'build') and not is_from_file);
        create policy editor_writes on cloudgpus.slug_history for insert to cloudgpus_editor
            with check (actor not in ('ci', 'build'));
        create policy editor_writes on cloudgpus.content_reviews for insert to cloudgpus_editor
            with check (actor not in ('ci', 'build') and not is_signed);
    end if;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0024_desk');
