"""One module per provider, found by folder: nothing else lists them."""
