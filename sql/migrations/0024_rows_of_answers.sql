-- What an answer says of an offer, and what it doesn't: the machine's size, and the cloud behind a reseller.

alter table cloudgpus.instances
    add column size_stated boolean not null default true,
    add column upstream varchar(60);

comment on column cloudgpus.instances.size_stated is
    'False: a price per GPU of machines whose size the answer does not tell; gpu_count is 1 then and no size';
comment on column cloudgpus.instances.upstream is
    'The cloud behind a reseller''s offer, where the answer names it: its slug if it is a provider here, else its name';

do $$
declare
    reader text;
begin
    foreach reader in array array['anon', 'authenticated'] loop
        if exists (select from pg_catalog.pg_roles where rolname = reader) then
            execute format('grant select (size_stated, upstream) on cloudgpus.instances to %I', reader);
        end if;
    end loop;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0024_rows_of_answers');
