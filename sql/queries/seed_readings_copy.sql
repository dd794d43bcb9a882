-- Take in price readings, as text in the columns' order.
-- params: none
-- row: none
copy seed_readings from stdin;
