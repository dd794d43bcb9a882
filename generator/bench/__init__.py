"""What builds and the database cost, as ratios within one run."""
