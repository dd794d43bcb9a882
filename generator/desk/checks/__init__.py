"""The checks of drafts: each rule has a name, a severity, and says what it found where."""
