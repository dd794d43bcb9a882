"""Where a link within the site may lead: the files of a build, and the places on its pages."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from html import unescape

from generator import urls

_ID = re.compile(r'<[a-z][^<>]*?\sid="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a build makes: `files` as they lie in the output folder, `html` what one of them says ("" for no page)."""

    files: Collection[str] = ()
    html: Callable[[str], str] = lambda _: ""

    def has(self, path: str, place: str = "") -> bool:
        """Whether there is a page or file at a path, and on it the place that a link names behind "#"."""
        file = urls.output_file(path)
        return file in self.files and (not place or place in map(unescape, _ID.findall(self.html(file))))
