-- Settle the figures of all that has moved, up to the last run.
-- params: none
-- row: _Settled (as_of: that run's instant; null before the first)
select settle_for_drafts() as as_of;
