"""From a provider's answer to checked, comparable offers.  Knows nothing of PostgreSQL or pages."""
