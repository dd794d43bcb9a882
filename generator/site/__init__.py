"""One build: pages planned, kept or rendered, checked, written, recorded."""
