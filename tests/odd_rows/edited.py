"""A provider's recorded answer with some fields edited, and what the real parser and checks make of its rows.

A test gives new values for fields of one row, by their names ("gpu.count").
"""

import copy
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from scrapers.captures import Recording
from scrapers.nextjs_data import values_of
from tests.faults.documents import Bodies
from tests.faults.prices import documents, shipped
from tests.faults.rows import Ended, as_recorded, ended, written

GONE = object()
"""In place of a field's value: remove the field."""
Fields = dict[str, Any]
Edit = Callable[[list[Any]], Any]


def _carried(name: str) -> Callable[[Any], list[Any]]:
    return lambda root: next(iter(values_of(list(root.values()), name)))


_ROWS: dict[str, tuple[int, Callable[[Any], list[Any]]]] = {
    "akamai-linode": (0, lambda root: root["data"]),
    "akash": (0, lambda root: root["models"]),
    "azure": (0, lambda root: root["Items"]),
    "cloudrift": (0, lambda root: root["data"]["instance_types"]),
    "cudo": (0, lambda root: root["machineTypes"]),
    "datacrunch": (0, lambda root: root),
    "fluidstack": (0, lambda root: root),
    "hyperbolic": (0, lambda root: root),
    "io-net": (0, lambda root: root["data"]["hardware"]),
    "koyeb": (0, lambda root: root["instances"]),
    "lambda-labs": (0, lambda root: list(root["data"].values())),
    "latitude-sh": (0, _carried("servers")),
    "lium": (0, lambda root: root["nodes"]),
    "mithril": (1, lambda root: root),
    "novita": (0, lambda root: root["data"]),
    "oci": (1, lambda root: root["items"]),
    "ovhcloud": (0, lambda root: root["addons"]),
    "paperspace": (0, lambda root: root["items"]),
    "prime-intellect": (0, lambda root: root["items"]),
    "runpod": (0, lambda root: root["data"]["gpuTypes"]),
    "scaleway": (0, lambda root: root["products"]),
    "seeweb": (0, lambda root: root["plans"]),
    "sesterce": (0, _carried("filteredOffers")),
    "shadeform": (0, _carried("instance_types")),
    "simplepod": (0, lambda root: root),
    "vast-ai": (0, lambda root: root["offers"]),
    "voltage-park": (0, lambda root: root["results"]),
    "vultr": (0, lambda root: root["plans"]),
}
"""The number of the provider's answer that holds its rows, and where they are in it."""


def bodies(slug: str, edit: Edit) -> Bodies:
    """The recorded answers after an edit of the list of rows."""
    number, rows = _ROWS[slug]
    root = copy.deepcopy(documents(slug)[number].root)
    edit(rows(root))
    return written(slug, {number: root})


def after(slug: str, edit: Edit) -> Ended:
    """What becomes of the rows; fail unless all of them are accounted for."""
    found = ended(slug, bodies(slug, edit))
    assert found.refused or found.rows == found.ends
    return found


def recording(slug: str, edit: Edit) -> Recording:
    """The shipped recording after an edit of its rows."""
    edited = zip(shipped(slug).captures, bodies(slug, edit), strict=True)
    return replace(shipped(slug), captures=tuple(replace(capture, body=body) for capture, body in edited))


def row(fields: Fields, place: int = 0) -> Edit:
    """An edit that sets these fields of one row."""
    return lambda rows: _write(rows[place], fields)


def another(fields: Fields, place: int = 0, *, last: bool = True) -> Edit:
    """An edit that adds a copy of one row with these fields changed."""

    def edit(rows: list[Any]) -> None:
        added = copy.deepcopy(rows[place])
        _write(added, fields)
        rows.insert(len(rows) if last else 0, added)

    return edit


def _write(one: Any, fields: Fields) -> None:
    for name, value in fields.items():
        *way, last = name.split(".")
        holder = one
        for part in way:
            holder = holder[int(part)] if isinstance(holder, list) else holder.setdefault(part, {})
        if value is GONE:
            del holder[last]
        else:
            holder[last] = value


def new_ends(slug: str, found: Ended) -> dict[str, int]:
    """How many more rows than in the recording ended in each way."""
    ends = found.account - as_recorded(slug).account
    return {end: number for end, number in ends.items() if end != "rows"}


def untouched(slug: str, found: Ended, but: Iterable[str] = ()) -> bool:
    """Whether all offers of the recording are unchanged, except those of these instance types."""
    offers = {key: offer for key, offer in as_recorded(slug).offers.items() if key[0] not in but}
    return all(found.offers.get(key) == offer for key, offer in offers.items())
