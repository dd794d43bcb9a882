-- Settle the figures of all that has moved.
-- params: as_of (timestamptz)
-- row: Settled
select settle_slices(%(as_of)s) as revision;
