"""The output folder: files staged, on the disk, moved into place behind a journal.  Knows nothing of pages."""
