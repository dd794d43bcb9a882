-- Whether this database holds a run, so that it goes on from the database that had it.
-- params: id (bigint), started_at (timestamptz)
-- row: _Has
select exists (select from cloudgpus.runs where id = %(id)s and started_at = %(started_at)s) as it;
