"""Sentences at the head of lists: the cheapest providers, GPUs of one kind, regions.

They are Markdown; whatever comes from a provider is escaped.  Prices are US dollars per GPU-hour before tax.
"""

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from generator.formats import money, plural, rounded
from generator.model.blocks import Link, ScenarioLine
from generator.model.lists import Located, PlaceLine, SetLine, SiteLine
from generator.model.offer_table import OfferLine, OfferSection
from generator.model.workloads import Candidate, MemoryNeed
from generator.prose.clauses import listed
from generator.prose.markdown import literal
from generator.prose.sentences import link, opened

_ENOUGH = 4  # GPUs behind a median


def cheapest(gpu: Link, pricing_type: str, tables: Sequence[OfferSection], costs: Sequence[ScenarioLine]) -> str:
    """Who is cheapest by each of three meanings: listed, in stock, and for a month with storage and traffic."""
    kind = "spot" if pricing_type == "spot" else "on-demand"
    best = {table.anchor: table.lines[0] for table in tables}
    listed, stocked = best["listed"], best.get("in-stock")
    said = [f"The lowest {kind} price listed for the {link(gpu)} is {_price_at(listed, pricing_type)}."]
    if stocked:
        said.append(f"The lowest that its provider listed as in stock is {_price_at(stocked, pricing_type)}.")
    else:
        said.append("None of these providers’ answers says whether the GPU is in stock.")
    if costs:
        cost = f"**{money(costs[0].totals[-1])}** at {link(costs[0].provider)}"
        said.append(f"With 500 GB of storage and 1 TB of traffic, 730 hours cost the least, {cost}.")
    return opened(*said)


def gpu_set(words: str, lines: Sequence[SetLine], providers_n: int, *, is_spot: bool) -> str:
    """How many GPUs of a list there are, and which is the cheapest."""
    kind = "spot" if is_spot else "on demand"
    cheapest, name = lines[0], literal(lines[0].gpu.short_name)
    said = f"{plural(len(lines), 'GPU')} {words} can be rented {kind} from {plural(providers_n, 'provider')}."
    least = f"**{money(cheapest.floor)} per GPU-hour** at {link(cheapest.provider)}"
    return opened(f"The cheapest of them is the [{name}]({cheapest.gpu.path}), from {least}.", said)


def workload(of: str, memory: MemoryNeed, found: Sequence[Candidate]) -> str:
    """The memory that a workload needs, how many GPUs have it, and which is the cheapest machine of them."""
    said = f"{literal(of)}: {_memory(memory)}."
    if not found:
        return f"{said} No machine that can be rented on demand now, at a price that is ranked, has that."
    best = found[0]
    machine = f"{best.gpus_n}× [{literal(best.gpu.short_name)}]({best.gpu.path})"
    machine = machine if memory.machines == 1 else f"{memory.machines} machines of {machine}"
    fitting = (
        f"{plural(len(found), 'GPU')} that can be rented on demand now {'has' if len(found) == 1 else 'have'} that."
    )
    cheapest = (
        f"The cheapest is {machine} at **{money(best.price_per_hour)} per hour** from {link(best.cheapest.provider)}"
    )
    return f"{said} {fitting} {cheapest}."


def _memory(memory: MemoryNeed) -> str:
    shared, each = rounded(memory.shared_gb, 1), rounded(memory.each_gb, 1)
    where = "in one machine" if memory.machines == 1 else f"in each of {memory.machines} machines"
    if not memory.each:
        return f"**{shared} GB** of GPU memory {where}"
    if not memory.shared:
        return f"**{each} GB** of memory on one GPU"
    return f"**{shared} GB** of GPU memory {where}, and {each} GB more on each GPU"


def region(inside: str, located: Located, gpus_n: int, places: Sequence[PlaceLine]) -> str:
    """What can be rented in a region, and what its prices are beside the world's: the median of four GPUs or more."""
    said = (
        f"{plural(located.providers_n, 'provider')} with GPUs at a stated place in {inside}: "
        f"{plural(located.offers_n, 'offer')} of {plural(gpus_n, 'GPU')}."
    )
    ratios = [line.against_world for line in places if line.against_world]
    if not places:
        return f"{said} None of them has a fresh and complete on-demand price at the moment."
    if len(ratios) < _ENOUGH:
        return said
    gap = Decimal(median(ratios)) - 1
    return f"{said} {_beside_the_world(gap, len(ratios))}"


def _beside_the_world(gap: Decimal, gpus_n: int) -> str:
    way = f"{rounded(abs(gap) * 100, 0)}% {'higher' if gap > 0 else 'lower'}" if round(gap, 2) else "about the same"
    return (
        "Compared with the world’s median for the same GPU, the lowest on-demand price there is "
        f"{way} (the median of {gpus_n} GPUs)."
    )


def places_unknown(silent: int, providers_n: int, ranked: Sequence[SiteLine]) -> str:
    """What a list by place leaves out, and what is in it but not ranked."""
    left_out = (
        f"{silent} of the {plural(providers_n, 'provider')} with prices here state no place for any offer, "
        "or only “global”: they may have machines there too."
    )
    unranked = [line for line in ranked if not line.ranked_n]
    if not unranked:
        return left_out
    names = listed(link(line.provider) for line in unranked)
    return f"{left_out} {names} {'has' if len(unranked) == 1 else 'have'} no fresh and complete on-demand price there."


def _price_at(line: OfferLine, pricing_type: str) -> str:
    return f"**{money(line.price_as(pricing_type))} per GPU-hour** at {link(line.provider)}"
