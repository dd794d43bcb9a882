"""serve --watch: pages made when they are asked for, shown again when what they are made of changes."""
