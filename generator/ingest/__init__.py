"""From a provider's answer to stored prices: what is stored, what is held back, what is replayed."""
