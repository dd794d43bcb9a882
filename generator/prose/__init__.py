"""Sentences with numbers: bindings in texts that people write, and sentences from templates."""
