-- Keep an answer's body, compressed, once.
-- params: sha256 (text), body (bytea), body_bytes (integer)
-- row: none
insert into cloudgpus.capture_bodies (sha256, body, body_bytes)
values (%(sha256)s, %(body)s, %(body_bytes)s)
on conflict (sha256) do nothing;
