"""How fast builds, the database and refreshes are, as ratios within one run."""
