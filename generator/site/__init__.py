"""A build: pages planned, kept or rendered, checked, written and recorded; and the preview."""
