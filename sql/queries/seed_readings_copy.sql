-- Price readings, as text in the columns' order.
copy seed_readings from stdin
