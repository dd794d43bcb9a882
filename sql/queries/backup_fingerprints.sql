-- The fingerprints taken in this transaction, by table.
-- params: none
-- row: Fingerprint (root: the table that it is a partition of, else itself)
select
    name,
    root,
    rows,
    checksum
from backup_fingerprints
order by name;
