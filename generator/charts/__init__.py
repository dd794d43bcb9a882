"""Charts: rows in, one accessible inline SVG out.

None has a style or a script in it: the site's style sheet colours them by class, and without it they follow the
text's colour.  They are as wide as their box and as high as they say, so letters keep their size on a phone.
"""
