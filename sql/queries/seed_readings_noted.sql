-- Hand seed_readings_note what to note: a DO block takes no parameters.
-- params: sha256 (text), readings (bigint)
-- row: none
select set_config('cloudgpus.seed_note', 'seed ' || %(sha256)s::text || ', ' || %(readings)s::text || ' readings', true);
