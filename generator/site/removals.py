"""Too many pages at once: a build that would take more than a fifth of a site off it stops and asks."""

from collections import Counter
from collections.abc import Collection, Mapping

from generator.catalogue.views.pairs import FEWEST_SHARED_GPUS, FEWEST_SHARED_PROVIDERS
from generator.errors import MassRemoval
from generator.formats import plural
from generator.site.manifest import Record

FEW = 5  # so many pages may go from a site of any size
_SHARE = 5  # one in so many
_RULES = {
    "gpu_chip": "a chip's page needs two variants with a page",
    "gpu_detail": "a GPU's page needs an offer, now or before",
    "gpu_comparison": f"a comparison of GPUs needs {FEWEST_SHARED_PROVIDERS} providers with fresh prices of both",
    "provider_comparison": f"a comparison of providers needs {FEWEST_SHARED_GPUS} GPUs that both have fresh prices of",
    "provider_detail": "a provider's page needs its row in sql/seed/",
    "guide": "a guide's page needs its text published",
}


def refuse_mass_removal(held: Collection[str], removed: Collection[str], before: Mapping[str, Record]) -> None:
    """Raise MassRemoval where a site that holds these pages would lose too many; both as files of the folder.

    `before` are the records of the last build, by path: they say what kind of page each is.
    """
    if len(removed) <= FEW or len(removed) * _SHARE <= len(held):
        return
    kinds = {file: record.page_type for record in before.values() for file in record.files}
    reasons = Counter(_RULES.get(kinds.get(file, ""), "the database has no record of them") for file in removed)
    why = "; ".join(f"{count:,}, since {reason}" for reason, count in reasons.most_common())
    raise MassRemoval(
        f"{len(removed):,} of the {plural(len(held), 'page')} would go from the site, which is left as it was ({why}). "
        "Have providers failed, or prices been lost?  If it is right that they go: build.py render --allow-removals"
    )
