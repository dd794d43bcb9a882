"""What went wrong while a page was made, as a page: the message, the file and the line, the lines around it."""

import traceback
from dataclasses import dataclass
from html import escape
from pathlib import Path

from jinja2 import TemplateSyntaxError

from generator.errors import BuildError
from generator.live.answer import Answer
from generator.settings import ROOT

_OURS = ("generator", "scrapers", "templates")
_AROUND = 3  # lines before and after
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'",
    "Cache-Control": "no-store",
}
_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>This page can't be made</title></head>
<body>
<h1>This page can't be made</h1>
{}
<p>It is shown as soon as that is put right.</p>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file."""

    file: Path
    line: int

    def __str__(self) -> str:
        file = self.file.relative_to(ROOT) if self.file.is_relative_to(ROOT) else self.file
        return f"{file}:{self.line}"

    def excerpt(self) -> str:
        """The line, marked, with those around it; "" for a file that can't be read."""
        try:
            lines = self.file.read_text("utf-8", "replace").splitlines()
        except OSError:
            return ""
        first = max(self.line - 1 - _AROUND, 0)
        numbered = enumerate(lines[first : self.line + _AROUND], first + 1)
        return "\n".join(f"{'>' if number == self.line else ' '}{number:5} {text}" for number, text in numbered)


def answer(error: Exception) -> Answer:
    """The page about an error."""
    place = _place(error)
    return told(_message(error), *([str(place), place.excerpt()] if place else []))


def told(*paragraphs: str) -> Answer:
    """A page with these paragraphs, each as it is."""
    shown = "\n".join(f"<pre>{escape(text)}</pre>" for text in paragraphs if text)
    html = _PAGE.format(shown)
    return Answer(500, html.encode("utf-8", "replace"), _HEADERS)


def _message(error: Exception) -> str:
    if isinstance(error, BuildError):
        return error.format_message()
    if isinstance(error, TemplateSyntaxError):
        return f"{type(error).__name__}: {error.message}"
    return f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"


def _place(error: Exception) -> Place | None:
    """Where to put it right: the place that a syntax error names, else the last one in our own files."""
    if isinstance(error, SyntaxError | TemplateSyntaxError) and error.filename:
        return Place(Path(error.filename), error.lineno or 1)
    if isinstance(error, BuildError):
        return None
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if any(Path(one.filename).is_relative_to(ROOT / name) for name in _OURS)]
    return Place(Path(ours[-1].filename), ours[-1].lineno or 1) if ours else None
