-- Record that a file which changed says who reviewed its text; the review's number.
-- params: slug (text), file_hash (text), reviewer (text), reviewed_on (date), text_hash (text), commit (text), at (timestamptz)
-- row: _Recorded
select record_signed_approval(
    %(slug)s, %(file_hash)s, %(reviewer)s, %(reviewed_on)s::date, %(text_hash)s, %(commit)s, %(at)s::timestamptz
) as id;
