"""What a wrong address shows."""

from dataclasses import dataclass

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import gpu_link, gpu_order
from generator.catalogue.views.providers import provider_link, provider_order
from generator.model.blocks import Link
from generator.model.jsonld import JsonLd
from generator.model.page import Page
from generator.pages.registry import PageType, Rule, single

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class NotFound:
    """Where to go instead."""

    gpus: tuple[Link, ...]
    providers: tuple[Link, ...]


def path() -> str:
    """/404.html."""
    return urls.NOT_FOUND


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The page."""
    return Page(
        path=path(),
        title="Page not found",
        description="There is no page at this address. Look up a GPU or a provider instead.",
        heading="There is no page at this address",
        body=NotFound(
            gpus=tuple(read(gpu_link, slug) for slug in read(gpu_order)[:_SHOWN]),
            providers=tuple(filter(None, (read(provider_link, slug) for slug in read(provider_order)[:_SHOWN]))),
        ),
    )


PAGE_TYPE = PageType(
    "not_found",
    NotFound,
    single,
    path,
    page,
    (Rule("error_page", "an address of its own", lambda _: False),),
    formats=("html",),
)
