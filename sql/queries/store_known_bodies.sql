-- Which of these answers' hashes are kept already.
-- params: hashes (text[])
-- row: _Body (sha256)
select sha256::text
from cloudgpus.capture_bodies
where sha256 = any(%(hashes)s::char(64)[]);
