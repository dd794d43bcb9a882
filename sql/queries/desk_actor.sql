-- Say who acts in this transaction, and when, for the audit rows that its triggers write.
-- params: actor (text), at (text; ISO 8601)
-- row: none
select
    set_config('cloudgpus.actor', %(actor)s, true),
    set_config('cloudgpus.at', %(at)s, true);
