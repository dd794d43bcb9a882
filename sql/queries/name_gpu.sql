-- Say which GPU an unknown name means, with the row of the audit log.
-- params: stated (text), spelling (text, normalised), memory (numeric or null: whatever memory is stated), gpu (text, its slug), actor (text), told (jsonb), at (timestamptz)
-- row: none
select name_gpu(
    %(stated)s, %(spelling)s, %(memory)s::numeric, %(gpu)s, %(actor)s, %(told)s, %(at)s
);
