"""The review app: build.py review serves it on this machine alone, to the editors who log in."""
