-- Mark this transaction as a dry run: it then takes no lock on market_settled that others would wait for.
-- params: none
-- row: none
select set_config('cloudgpus.is_trial', 'on', true);
