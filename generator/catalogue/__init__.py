"""What a build reads: one snapshot of the database, and the slices of it that pages ask for."""
