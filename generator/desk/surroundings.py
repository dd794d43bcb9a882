"""What is around a draft today: the catalogue's names and figures, the site's addresses, other pages' words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.views.prose import CatalogueLookup
from generator.desk.checks.subject import Surroundings
from generator.desk.drafts import Others
from generator.prose.texts import Citation


def around(
    catalogue: Catalogue, others: Others, shown: str, gate: str, sources: Iterable[Citation] = ()
) -> Surroundings:
    """What the checks know beside a draft.

    `shown` is the text of its page, `gate` the state of its gate, `sources` are those that it cites.
    """
    return Surroundings(
        lookup=CatalogueLookup(catalogue, sources),
        gpus=dict(_gpu_names(catalogue)),
        variants=_variants(catalogue),
        providers=dict(_provider_names(catalogue)),
        has=catalogue.addresses.has,
        others=others,
        shown=shown,
        gate=gate,
    )


def _gpu_names(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Each name of a GPU in lower case, with its slug; the catalogue's own names win over aliases."""
    for alias in catalogue.gpu_names.values():
        yield alias.alias.lower(), alias.gpu_slug
    for row in catalogue.listed_gpus.values():
        for name in (row.slug, row.short_name.lower(), row.short_name.lower().removeprefix("nvidia ")):
            yield name, row.slug


def _variants(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """The chips that have several variants, by their names in lower case."""
    found = defaultdict[str, list[str]](list)
    for row in catalogue.listed_gpus.values():
        if row.chip:
            found[row.chip].append(row.slug)
    return {chip.replace("-", " "): tuple(sorted(slugs)) for chip, slugs in found.items() if len(slugs) > 1}


def _provider_names(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    slugs = tuple(catalogue.listed_providers)
    catalogue.read_ahead(slugs, "providers")
    for slug in slugs:
        yield slug, slug
        yield catalogue.providers[slug].display_name.lower(), slug
