-- Says that nothing of this transaction will be kept: what others write is then not held up by what it settles.
-- params: none
-- row: none
select set_config('cloudgpus.is_trial', 'on', true);
