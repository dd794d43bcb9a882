"""Views of the catalogue: the slices that pages read.  Pure; arithmetic on prices happens here and in SQL only."""
