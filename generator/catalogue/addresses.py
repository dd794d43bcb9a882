"""Where a link within the site may lead: the files of a build, and the anchors on its pages."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from html import unescape

from generator import urls

_ID = re.compile(r'<[a-z][^<>]*?\sid="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a build makes: `files` are paths in the output folder, `html` returns a page's text ("" for other files)."""

    files: Collection[str] = ()
    html: Callable[[str], str] = lambda _: ""

    def has(self, path: str, anchor: str = "") -> bool:
        """Whether there is a page or file at a path, and on it the anchor that a link names after "#"."""
        file = urls.output_file(path)
        return file in self.files and (not anchor or anchor in map(unescape, _ID.findall(self.html(file))))
