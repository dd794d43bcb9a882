"""The output folder: files are staged, synced to disk and moved into place by a journal.  Knows nothing of pages."""
