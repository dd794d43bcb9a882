"""The commands of build.py: each calls the stages and reports; none holds logic of its own."""

from generator.commands.main import main

__all__ = ["main"]
