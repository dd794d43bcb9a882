-- The slices that have moved since a revision.
-- params: since (bigint)
-- row: MovedSlice
select slice, revision
from slice_revisions
where revision > %(since)s
order by slice;
