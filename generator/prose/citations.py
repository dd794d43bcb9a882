"""How to cite a page's figures, as text and for BibTeX, with the release that they are of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from generator import urls
from generator.formats import day, money, month, plural
from generator.labels import PRICING
from generator.model.indices import IndexLine
from generator.model.page import Site

_SPECIAL = {char: f"\\{char}" for char in "&%$#_{}"}


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation as text and as a BibTeX entry."""

    text: str
    bibtex: str


def of_indices(site: Site, released: date, path: str, title: str, lines: Sequence[IndexLine]) -> Citation:
    """The citation of a page of indices; of a single GPU's, with the first value."""
    url = urls.absolute(site.url, path)
    value = f" {_value(lines[0])}." if len({line.gpu for line in lines}) == 1 else ""
    method = f", methodology version {site.methodology_version}" if site.methodology_version else ""
    note = f"Release of {day(released)}{_readings(lines)}{method}"
    return Citation(
        f"{site.organisation}: {title}.{value} {note}. {site.name}, {url}",
        _bibtex(site, url, title, released, note + "." + value.removesuffix(".")),
    )


def of_offers(site: Site, released: date, path: str, offers: str) -> Citation:
    """The citation of the current offers; `offers` says how many."""
    url, title = urls.absolute(site.url, path), "Cloud GPU offers"
    note = f"Release of {day(released)}, {offers}"
    return Citation(
        f"{site.organisation}: {title}. {note}. {site.name}, {url}", _bibtex(site, url, title, released, note)
    )


def _value(line: IndexLine) -> str:
    panel = f"median of {plural(line.providers_n, 'provider')}"
    return f"{PRICING[line.pricing_type]}, {day(line.on)}: {money(line.value)} per GPU-hour ({panel})"


def _readings(lines: Sequence[IndexLine]) -> str:
    sources = sorted({line.source for line in lines} - {""})
    return f", from readings by {' and '.join(sources)}" if sources else ""


def _bibtex(site: Site, url: str, title: str, released: date, note: str) -> str:
    fields = {
        "author": f"{{{_escaped(site.organisation)}}}",
        "title": f"{{{_escaped(title)}}}",
        "year": f"{released.year}",
        "month": month(released).lower(),
        "howpublished": f"\\url{{{url}}}",
        "note": _escaped(note),
    }
    key = f"{url.rstrip('/').rpartition('/')[2]}-{released.isoformat()}"
    shown = ",\n".join(
        f"  {name} = {value if name == 'month' else '{' + value + '}'}" for name, value in fields.items()
    )
    return f"@misc{{{key},\n{shown}\n}}"


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(char, char) for char in text)
