"""What proposes drafts: each generator takes a page's fact sheet and returns a draft that the checks have read."""
