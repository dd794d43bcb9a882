-- Set what seed_note is to note: its DO block takes no parameters.
-- params: seeds, readings (text, SHA-256), count (bigint)
-- row: none
select set_config(
    'cloudgpus.seed_note',
    format('seeds %%s, readings %%s: %%s readings', %(seeds)s::text, %(readings)s::text, %(count)s::bigint),
    true
);
