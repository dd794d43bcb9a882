"""The site taken to where it is served: changed files only, in an order that readers don't notice."""
