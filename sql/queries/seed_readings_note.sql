-- Note in the table's comment which seed it holds, so that the next run need not compare 20,000 rows.
-- params: sha256 (text), readings (bigint)
select note_reference_seed(%(sha256)s, %(readings)s)
