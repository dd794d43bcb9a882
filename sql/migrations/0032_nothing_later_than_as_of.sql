-- What was confirmed later than the instant that is asked for was not known then: it is not shown, and proves no live answer.

do $$
declare
    known text := pg_get_functiondef('cloudgpus.offers_at(timestamptz)'::regprocedure);
    changed text := replace(
        replace(
            known,
            'where not live.is_recorded',
            'where not live.is_recorded and live_confirmation.last_confirmed_at <= as_of'
        ),
        'where offer.is_active',
        'where offer.is_active and seen.last_confirmed_at <= as_of'
    );
begin
    if changed not like '%live_confirmation.last_confirmed_at <= as_of%seen.last_confirmed_at <= as_of%' then
        raise exception 'cloudgpus.offers_at(timestamptz) is not as migration 0030 left it';
    end if;
    execute changed;
end $$;

comment on function cloudgpus.offers_at(timestamptz) is
    'The active offers that may be shown at as_of: fresh or aging by their source''s class, never expired, nor confirmed '
    'later than as_of; is_ranked says which may enter a floor, a median or a ranking: complete, fresh, and not known to be '
    'unavailable. A recording is fresh for 30 days, then aging, and ranks only where no live answer was stored by then';

insert into cloudgpus.schema_migrations (id) values ('0032_nothing_later_than_as_of');
