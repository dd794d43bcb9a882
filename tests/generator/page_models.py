"""Page models in which every text is hostile and nothing is missing, or all that may be missing is."""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from generator.model.blocks import Figure, Part
from generator.model.offer_table import Subject
from generator.model.page import Attribution, Crumb, Page, Site
from generator.pages.registry import page_types

NASTY = "</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}"
AT = datetime(2026, 8, 22, 14, tzinfo=UTC)
SITE = Site(
    name="CloudGPUs",
    url="https://example.com/prices",
    organisation="Acme",
    as_of=AT,
    is_all_recorded=True,
    repository="https://example.com/code",
    attributions=(Attribution("Readings", "https://example.com/r", "CC BY 4.0", "By somebody."),),
)
BODIES = {kind.name: kind.body for kind in page_types() if kind.has_html}
FIXED = {
    "out_rel": "nofollow",
    "path": "/gpu/h100-sxm/",
    "evidence_path": "/evidence/0123456789ab/",
    "slug": "h100-sxm",
    "pricing_type": "spot",
    "availability": "available",
    "provider_type": "marketplace",
    "segment": "cloud",
    "verdict": "ours",
    "reason": "partly",
    "anchor": "prices",
    "column": "reserved",
}
PLAIN = {
    str: NASTY,
    int: 3,
    float: 2.5,
    bytes: NASTY.encode(),
    bool: True,
    Decimal: Decimal("2.49"),
    datetime: AT,
    date: AT.date(),
    Subject: "GPU",
}
FIGURE = Figure("A chart", "<svg role='img'><title>x</title></svg>", NASTY, (("A", "B"), (NASTY, "1")), NASTY)


def filled(kind: Any, name: str = "") -> Any:  # noqa: PLR0911 (one for each kind)
    """A value of a model's type in which every text is hostile and nothing is missing."""
    if kind is str and name in FIXED:
        return FIXED[name]
    if kind is Figure:
        return FIGURE
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        hints = get_type_hints(kind)
        return kind(**{field: filled(hint, field) for field, hint in hints.items()})
    if get_origin(kind) is tuple and Ellipsis not in get_args(kind):
        return tuple(map(filled, get_args(kind)))
    if get_origin(kind) in (tuple, Part):
        lines = (filled(get_args(kind)[0]),)
        return lines if get_origin(kind) is tuple else Part(lines, NASTY, True, lines)
    if get_origin(kind) is UnionType:
        return filled(next(arm for arm in get_args(kind) if arm is not NoneType), name)
    return "https://example.com/?a=1&b=%22" if "url" in name else PLAIN[kind]


def bare(kind: Any) -> Any:
    """A page's model in which all that may be missing is missing."""
    model = filled(kind)
    hints = get_type_hints(kind)
    missing = {field.name: bare_value(hints[field.name]) for field in fields(model)}
    return replace(model, **{name: value for name, value in missing.items() if value is not ...})


def bare_value(kind: Any) -> Any:
    if get_origin(kind) is tuple:
        return ()
    if get_origin(kind) is Part:
        return Part((), "")
    if get_origin(kind) is UnionType and NoneType in get_args(kind):
        return None
    return "" if kind is str else ...


def page(page_type: str, body: Any, **more: Any) -> Page:
    whole = {
        "title": NASTY,
        "description": NASTY,
        "heading": NASTY,
        "words": {"answer": "An **answer**.", "text": "Text."},
    }
    crumbs = (Crumb("Home", "/"), Crumb(NASTY, ""))
    told = {"path": "/gpu/x/", "crumbs": crumbs, "body": body} | whole | more
    return Page(page_type=page_type, **told)
