"""Too many pages at once: a build that would take more than a fifth of a site off it stops and asks."""

from collections import Counter
from collections.abc import Collection, Mapping

from generator.errors import MassRemoval
from generator.formats import plural
from generator.pages.registry import page_types
from generator.site.built_pages import Record

FEW = 5  # so many pages may go from a site of any size
_SHARE = 5  # one in so many


def refuse_mass_removal(held: Collection[str], removed: Collection[str], before: Mapping[str, Record]) -> None:
    """Raise MassRemoval where a site that holds these pages would lose too many; both as files of the folder.

    `before` are the records of the last build, by path: they say what kind of page each is.
    """
    if len(removed) <= FEW or len(removed) * _SHARE <= len(held):
        return
    kinds = {file: record.page_type for record in before.values() for file in record.files}
    needs = {kind.name: kind.needs for kind in page_types() if kind.needs}
    reasons = Counter(needs.get(kinds.get(file, ""), "the database has no record of them") for file in removed)
    why = "; ".join(f"{count:,}, since {reason}" for reason, count in reasons.most_common())
    raise MassRemoval(
        f"{len(removed):,} of the {plural(len(held), 'page')} would go from the site, which is left as it was ({why}). "
        "Have providers failed, or prices been lost?  If it is right that they go: build.py render --allow-removals"
    )
