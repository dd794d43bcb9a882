-- Make a table for the tables' fingerprints: how many rows, and a checksum that does not depend on their order.
-- params: none
-- row: none
create temporary table if not exists backup_fingerprints (
    name text primary key,
    root text not null,
    rows bigint not null,
    checksum text not null
) on commit drop;
