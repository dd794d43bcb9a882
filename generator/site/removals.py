"""The guard against mass removal: a build that would remove more than a fifth of a site's pages stops and asks."""

from collections import Counter
from collections.abc import Collection, Mapping

from generator.errors import MassRemoval
from generator.formats import plural
from generator.pages.registry import page_types
from generator.site.built_pages import PageRecord

FEW = 5  # that many pages may always be removed
_SHARE = 5  # else one page in five


def refuse_mass_removal(held: Collection[str], removed: Collection[str], before: Mapping[str, PageRecord]) -> None:
    """Raise MassRemoval where a site would lose too many pages; `held` and `removed` are their files.

    `before` are the records of the last build by path, which tell each page's type.
    """
    if len(removed) <= FEW or len(removed) * _SHARE <= len(held):
        return
    kinds = {file: record.page_type for record in before.values() for file in record.files}
    needs = {kind.name: kind.needs for kind in page_types() if kind.needs}
    reasons = Counter(needs.get(kinds.get(file, ""), "the database has no record of them") for file in removed)
    why = "; ".join(f"{count:,}, since {reason}" for reason, count in reasons.most_common())
    raise MassRemoval(
        f"{len(removed):,} of {plural(len(held), 'page')} would be removed from the site, which is left as it was "
        f"({why}). Have providers failed, or prices been lost?  If they should go: build.py render --allow-removals"
    )
