"""Sentences with numbers: bindings in text that people write, and template sentences."""
