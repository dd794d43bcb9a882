"""From a provider's answer to stored prices: what is believed, what is held back, what is read anew."""
