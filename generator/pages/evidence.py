"""An answer that prices were read from: what was asked, what came, its hash, and the offers that rest on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.answers import all_answers, answer
from generator.catalogue.views.evidence import offers_read
from generator.catalogue.views.providers import provider_link
from generator.formats import collection, day, plural
from generator.model.blocks import Fact, Link, Part, first
from generator.model.evidence import Answer, ReadOffer
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import Key, PageType, Rule
from generator.prose import clauses

_MOST_OFFERS = 24
_DESCRIBED = ("its address, size and SHA-256,", "the offers read,", "and how to verify them.")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the page shows; `digits` are those of the hash by which the answer is found, `slug` is the provider's."""

    provider: Link
    slug: str
    digits: str
    is_recorded: bool
    facts: tuple[Fact, ...]
    offers: Part[ReadOffer]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each answer that an offer shown now was last changed by."""
    return iter(all_answers(catalogue))


def path(_: str, digits: str) -> str:
    """/evidence/0123456789ab/."""
    return urls.evidence(digits)


def page(read: SliceReader, _: JsonLd, provider: str, digits: str) -> Page:
    """The page of one answer."""
    found, offers = read(answer, provider, digits), read(offers_read, provider, digits)
    link = read(provider_link, provider) or Link(provider, urls.provider(provider))
    name, on = link.text, day(found.fetched_at)
    return Page(
        path=path(provider, digits),
        title=clauses.title(f"Evidence {digits}: {name} Prices", f"Evidence {digits}"),
        description=clauses.description((f"What {name}’s prices of {on} were read from:", *_DESCRIBED)),
        heading=f"What {name}’s prices of {on} were read from",
        body=Evidence(
            provider=link,
            slug=provider,
            digits=digits,
            is_recorded=found.is_recorded,
            facts=tuple(_facts(found)),
            offers=first(offers, _MOST_OFFERS, "offer", "the first by GPU"),
        ),
        crumbs=(
            Crumb("Home", urls.HOME),
            Crumb("Providers", urls.PROVIDER_INDEX),
            Crumb(name, link.path),
            Crumb(f"Evidence {digits}", ""),
        ),
        words={"answer": _said(found, len(offers))},
        newest=found.fetched_again_at or found.fetched_at,
    )


def _said(found: Answer, offers_n: int) -> str:
    """What the answer is, and what rests on it."""
    rest = f"{plural(offers_n, 'offer')} shown here {'rests' if offers_n == 1 else 'rest'} on it"
    if found.others_n:
        rest += f" and on {plural(found.others_n, 'other answer')} of the same reading"
    if found.is_recorded:
        return (
            "This is a recording: figures that others collected, in the form of the provider’s answer. "
            f"Nobody here asked the provider for it. {rest}."
        )
    return f"This is an answer of the provider’s own server, kept as it came. {rest}."


def _facts(found: Answer) -> Iterator[Fact]:
    yield Fact("Kind", "Recording" if found.is_recorded else "Live answer")
    if found.is_recorded:
        yield Fact("Figures from", found.origin, found.origin_url, _host(found.origin_url))
        yield Fact("True on", day(found.fetched_at))
    else:
        yield Fact("Fetched", _instant(found.fetched_at))
    if found.fetched_again_at:
        yield Fact("Last time the same", _instant(found.fetched_again_at))
    yield Fact("Stands for" if found.is_recorded else "Request", f"{found.method} {found.url}", *_opened(found.url))
    yield Fact("HTTP status", f"{found.status}{' in the recording' if found.is_recorded else ''}")
    if found.content_type:
        yield Fact("Media type", found.content_type)
    yield Fact("Size", plural(found.body_bytes, "byte"))
    yield Fact("SHA-256", found.sha256)


def _opened(url: str) -> tuple[str | None, str]:
    return urls.outgoing(url), "open"


def _host(url: str | None) -> str:
    return collection(url) if url else ""


def _instant(at: datetime) -> str:
    return f"{day(at)}, {at.astimezone(UTC):%H:%M:%S} UTC"


PAGE_TYPE = PageType(
    "evidence",
    Evidence,
    keys,
    path,
    page,
    (Rule("for_visitors", "to be more than a receipt for those who follow a price's link", lambda *_: False),),
    about=("provider",),
    needs="an answer's page needs an offer, shown now, that it last changed",
)
