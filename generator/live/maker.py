"""The process that makes pages: it answers one order after the other, and is started again when code changes.

Python can't unload a module, so the process that serves keeps none of the modules that pages are made of.

An order is a line of JSON on standard input, its name and a path; the answer goes to standard output.
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from generator.live import problems
from generator.live.answer import Answer

if TYPE_CHECKING:
    from generator.live.site import LiveSite

DONE, NOTHING_NEW = Answer(200), Answer(304)


class Maker:
    """Carries out orders; `problem` is why there is nothing to show."""

    def __init__(self, start: "Callable[[], LiveSite]") -> None:
        self._problem: Exception | None = None
        self._site: LiveSite | None = None
        self._orders: Mapping[str, Callable[[LiveSite, str], Answer]] = {
            "page": lambda site, path: site.answer(path),
            "templates": lambda site, _: self._done(site.gather if self._problem else site.render_anew),
            "content": lambda site, _: self._done(site.gather),
            "look": lambda site, _: self._done(site.gather) if site.has_moved() else NOTHING_NEW,
        }
        try:
            self._site = start()
            self._site.gather()
        except Exception as error:
            self._problem = error

    def answer(self, order: str, path: str) -> Answer:
        """Carry out an order.  What it raises is shown as a page."""
        if self._site is None or (self._problem and order == "page"):
            return problems.answer(self._problem or RuntimeError(order))
        try:
            return self._orders[order](self._site, path)
        except Exception as error:
            if order != "page":
                self._problem = error
            return problems.answer(error)

    def _done(self, work: Callable[[], None]) -> Answer:
        work()
        self._problem = None
        return DONE


def main(out: Path) -> None:
    """Take orders until the process that gives them is gone."""
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what a page module prints is for the terminal
        maker = Maker(lambda: _live_site(out))
        for line in sys.stdin.buffer:
            answers.write(maker.answer(*orjson.loads(line)).packed())
            answers.flush()


def _live_site(out: Path) -> "LiveSite":
    """Import what pages are made of only here, where an error in it is caught and shown."""
    from generator import settings  # noqa: PLC0415
    from generator.live.site import LiveSite  # noqa: PLC0415

    return LiveSite(settings.load(), out)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
