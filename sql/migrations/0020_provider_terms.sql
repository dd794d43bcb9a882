-- What the hourly price leaves out: billing steps, storage, traffic and other terms of providers, each with its source.

create type cloudgpus.provider_term_field as enum (
    'billing_step',
    'minimum_rental',
    'compute_stopped',
    'storage_running',
    'storage_stopped',
    'egress',
    'egress_included',
    'ingress',
    'public_ip',
    'spot_notice',
    'sla_uptime'
);

create table cloudgpus.provider_terms (
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    field cloudgpus.provider_term_field not null,
    qualifier text not null default '',

    value numeric(18,9),
    word text,
    unit text,
    currency char(3),

    note text not null default '',
    source_url varchar(500) not null,
    checked_on date not null,

    primary key (provider_id, field, qualifier),

    constraint provider_terms_a_number_or_a_word check (num_nonnulls(value, word) = 1),
    constraint provider_terms_not_negative check (value >= 0),
    constraint provider_terms_numbers_have_units check ((value is null) = (unit is null)),
    constraint provider_terms_unit_fits check (
        unit is null
        or case field
            when 'billing_step' then unit = 'seconds'
            when 'minimum_rental' then unit = 'seconds'
            when 'spot_notice' then unit = 'seconds'
            when 'storage_running' then unit in ('per GB-month', 'per GB-hour')
            when 'storage_stopped' then unit in ('per GB-month', 'per GB-hour')
            when 'egress' then unit = 'per GB'
            when 'ingress' then unit = 'per GB'
            when 'egress_included' then unit = 'GB per month'
            when 'public_ip' then unit in ('per hour', 'per month')
            when 'sla_uptime' then unit = 'percent'
            else false
        end
    ),
    constraint provider_terms_money_has_a_currency check ((currency is not null) = (coalesce(unit, '') like 'per %'))
);

comment on table cloudgpus.provider_terms is
    'What a provider states beside its hourly prices; what is not known has no row';
comment on column cloudgpus.provider_terms.qualifier is
    'Empty for the usual case, else what it holds for: network volume, Asia, Scale plan';
comment on column cloudgpus.provider_terms.word is
    'Where it is no number: none, billed, not billed, as running, by host, by plan';
comment on column cloudgpus.provider_terms.unit is
    'GB are the provider''s own, of 10^9 or of 2^30 bytes; a unit that begins with "per" makes the value an amount of money';
comment on column cloudgpus.provider_terms.checked_on is 'The last day on which the source is known to have said so';

alter table cloudgpus.provider_terms enable row level security;

create policy shown on cloudgpus.provider_terms for select using (
    exists (select from cloudgpus.providers where providers.id = provider_terms.provider_id and providers.is_active)
);

-- Roles that are not there get no grant; whatever the database grants by default is taken from the public first.
do $$
declare
    reader text;
begin
    revoke all on cloudgpus.provider_terms from public;
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('revoke all on cloudgpus.provider_terms from %I', reader);
        execute format('grant select on cloudgpus.provider_terms to %I', reader);
    end loop;

    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        create policy service on cloudgpus.provider_terms to service_role using (true) with check (true);
    end if;
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('postgres', 'service_role') loop
        continue when reader = current_user;
        execute format('grant all on cloudgpus.provider_terms to %I', reader);
    end loop;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0020_provider_terms');
