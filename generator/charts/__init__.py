"""Charts: rows in, one accessible inline SVG out.

No chart contains styles or scripts: the site's style sheet colours it by class, and without that it takes the text's
colour.  A chart is as wide as its box and has a fixed height, so that its text keeps its size on a phone.
"""
