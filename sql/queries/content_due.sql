-- The scheduled revisions whose time has come.
-- params: at (timestamptz)
-- row: _Due
select
    slug,
    revision
from content_states
where state = 'scheduled'
  and scheduled_for <= %(at)s
order by scheduled_for, slug;
