-- Begins a run.
-- params: as_of (timestamptz), source (text), version (text)
-- row: _Run (id)
insert into cloudgpus.runs (as_of, source, version)
values (%(as_of)s, %(source)s, %(version)s)
returning id;
