"""What the search box reads: names.json at the first letter, machines.json where a name looks like a machine's.

Rows are arrays, since their order says what they are: this is the site's own script's, and no API.
"""

import orjson

from generator.formats import money
from generator.model.page import Page
from generator.model.search import Search


def names_file(page: Page) -> bytes:
    """[kind, name, path, other spellings, price] of each page; what is missing at the end is left out."""
    body: Search = page.body
    rows: list[list[object]] = [
        [one.kind, one.text, one.path, " ".join(one.also), money(one.floor) if one.floor else ""] for one in body.names
    ]
    return orjson.dumps({"names": [_without_tail(row) for row in rows]})


def machines_file(page: Page) -> bytes:
    """[name, provider, GPU, path] of each machine."""
    body: Search = page.body
    return orjson.dumps({"machines": list(map(list, body.machines))})


def _without_tail(row: list[object]) -> list[object]:
    while row[-1] == "":
        row.pop()
    return row
