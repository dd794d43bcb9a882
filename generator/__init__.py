"""From stored offers to a static site.  Knows nothing of how a provider is read."""
