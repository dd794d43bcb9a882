"""Publish the n-th made-up site, as a process that a test can kill: n, the destination."""

import os
import sys

from generator.publishing.publish import publish
from generator.publishing.stores import store_at
from tests.generator.publishing.sites import content, site

PAGES = tuple(f"p{number}" for number in range(24))


def nth(number):
    """The n-th site: a third of its pages come and go, the style sheet changes each time."""
    pages = tuple(page for place, page in enumerate(PAGES) if place % 3 or (place + number) % 2)
    return content(site(f"rgb({number}, 0, 0)", pages, number), f"{number:036}", number)


if __name__ == "__main__":
    store = store_at(sys.argv[2], os.environ, ("gz", "br"))
    sys.stdout.write(repr(publish(store, nth(int(sys.argv[1])), 2)))
