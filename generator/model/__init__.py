"""What templates are shown: a page, and the blocks of which it is made.  Plain values, no HTML."""
