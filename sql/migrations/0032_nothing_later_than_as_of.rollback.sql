do $$
begin
    execute replace(
        replace(
            pg_get_functiondef('cloudgpus.offers_at(timestamptz)'::regprocedure),
            ' and live_confirmation.last_confirmed_at <= as_of',
            ''
        ),
        ' and seen.last_confirmed_at <= as_of',
        ''
    );
end $$;

comment on function cloudgpus.offers_at(timestamptz) is
    'The active offers that may be shown at as_of: fresh or aging by their source''s class, never expired; is_ranked says '
    'which may enter a floor, a median or a ranking: complete, fresh, and not known to be unavailable. A recording is '
    'fresh for 30 days, then aging, and ranks only where no live answer was ever stored';

delete from cloudgpus.schema_migrations where id = '0032_nothing_later_than_as_of';
