"""The editors' desk: drafts, what is checked of them, their states, and the app in which they are reviewed."""
