"""What developers run by hand; nothing here is needed to build a site."""
