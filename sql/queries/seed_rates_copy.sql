-- Take in exchange rates, in the columns' order.
-- params: none
-- row: none
copy seed_rates from stdin;
