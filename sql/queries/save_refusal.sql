-- Write the audit row of something that was refused; its number.
-- params: actor (text), action (text), target (text), reason (text), at (timestamptz)
-- row: _Seq
select record_refusal(%(actor)s, %(action)s, %(target)s, %(reason)s, %(at)s) as seq;
