"""Sentences from templates, made of the figures that they state.

They are Markdown; whatever comes from a provider is escaped.  Prices are US dollars per GPU-hour before tax.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from generator import urls
from generator.formats import day, money, percent, plural, rounded, share_of_time
from generator.labels import PRICING
from generator.model.blocks import (
    Availability,
    AvailabilityLine,
    GpuLine,
    HeldBack,
    Link,
    ProviderLine,
    SharedPrice,
    SoldWithoutPrice,
    StatLine,
)
from generator.model.compared import Standing
from generator.model.indices import CHANGES, Index, IndexLine
from generator.model.offer_table import OfferLine
from generator.prose.clauses import listed
from generator.prose.markdown import literal

_KIND_WITH_ARTICLE = {
    "hyperscaler": "a hyperscaler",
    "specialized_neocloud": "a GPU cloud",
    "regional_cloud": "a general-purpose cloud",
    "bare_metal": "a bare-metal provider",
    "marketplace": "a marketplace",
    "depin": "a decentralised network",
}
_NAMED = 4
_HARDLY = Decimal("0.005")  # a share that reads 0%


def link(to: Link) -> str:
    """A link in Markdown."""
    return f"[{literal(to.text)}]({to.path})"


def opened(first: str, *others: str) -> str:
    """The sentence that answers, which pages show large, and a paragraph of what else there is to say."""
    more = " ".join(filter(None, others))
    return "\n\n".join(filter(None, (first, more)))


def gpu_answer(gpu: GpuLine) -> str:
    """What a GPU costs, and where; the page shows beside it when that was confirmed."""
    name = literal(gpu.name)
    if gpu.floor is None or gpu.floor_provider is None:
        return f"No provider here offers the {name} on demand at a ranked price."
    lowest = f"**{money(gpu.floor)} per GPU-hour** on demand at {link(gpu.floor_provider)}"
    return f"The {name} rents from {lowest}."


def gpu_more(gpu: GpuLine) -> str:
    """What the market of a GPU is besides its lowest price."""
    return " ".join(filter(None, (_market(gpu), _spot(gpu))))


def _market(gpu: GpuLine) -> str:
    if gpu.floor is None:
        return ""
    if gpu.providers_n < 2:
        return "No other provider has a ranked on-demand price."
    return f"{gpu.providers_n} providers have a ranked on-demand price."


def _spot(gpu: GpuLine) -> str:
    return f"Spot starts at {money(gpu.spot_floor)}." if gpu.spot_floor is not None else ""


def market(lines: Iterable[StatLine]) -> str:
    """The price spread on demand."""
    on_demand = next((line for line in lines if line.pricing_type == "on_demand"), None)
    if on_demand is None or on_demand.providers_n < 3:
        return ""
    across = f"Across {on_demand.providers_n} providers, each counted once with its cheapest offer,"
    lowest, highest = money(on_demand.floor), money(on_demand.ceiling)
    if lowest == highest:
        return f"{across} the price is the same, {lowest}."
    times = rounded(on_demand.ceiling / on_demand.floor, 1)
    apart = f" ({times} times as much)" if times != "1.0" else ""
    middle = f"the middle half is between {money(on_demand.p25)} and {money(on_demand.p75)}"
    return f"{across} prices range from {lowest} to {highest}{apart}; {middle}."


def unstated(chip: Link, variants: Iterable[GpuLine]) -> str:
    """Why offers that name only a chip are not ranked."""
    names = [link(Link(line.short_name, line.path)) for line in variants]
    differ = f": {listed(names)} differ in speed, memory or price" if len(names) > 1 else ""
    return f"“{literal(chip.text)}” alone does not say which card it is{differ}."


def chip_answer(chip: Link, lines: Iterable[GpuLine], *, has_unstated: bool) -> str:
    """What each variant of a chip costs, and where, the cheapest first."""
    name = literal(chip.text)
    apart = f"Offers that say only “{name}” are listed apart: that name does not say which card it is."
    tail = apart if has_unstated else ""
    priced = [(line.floor, line, line.floor_provider) for line in lines if line.floor and line.floor_provider]
    if not priced:
        return f"No provider here offers a variant of the {name} on demand at a ranked price. {tail}".strip()
    costs = [
        f"from **{money(floor)}** as {link(Link(line.short_name, line.path))} at {link(provider)}"
        for floor, line, provider in sorted(priced, key=lambda found: found[0])
    ]
    return opened(f"On demand, the {name} rents per GPU-hour {listed(costs)}.", tail)


def provider_answer(provider: ProviderLine, cheapest: GpuLine | None, leads: str) -> str:
    """What a provider sells, from what ranked price, how that compares with the market, and for what it leads."""
    name = literal(provider.name)
    kind = _KIND_WITH_ARTICLE[provider.provider_type]
    if not provider.gpus_n:
        return f"{name} is {kind}. None of its prices is listed here yet."
    counts = f"{plural(provider.gpus_n, 'GPU model')} in {plural(provider.offers_n, 'offer')}"
    what = f"{name} is {kind}, listed here with {counts}."
    if provider.floor is None or cheapest is None:
        return opened(what, leads)
    gpu = link(Link(cheapest.short_name, cheapest.path))
    first = f"{name} rents out GPUs from **{money(provider.floor)} per GPU-hour** on demand ({gpu})."
    return opened(first, f"It is {kind}, listed here with {counts}.", position(provider), leads)


def provider_gpu(provider: ProviderLine, gpu: GpuLine, best: OfferLine | None, spot: Decimal | None) -> str:
    """What a GPU costs at a provider."""
    names = f"{literal(provider.name)} rents out the {literal(gpu.name)}"
    if best is None:
        return f"{names}; none of its on-demand prices is ranked today."
    size = f", in a machine with {_gpus(best.count)}" if best.count else ""
    where = f", in {literal(best.regions[0])}" if best.regions else ""
    first = f"{names} from **{money(best.price_per_gpu_hour)} per GPU-hour** on demand{size}{where}."
    return opened(first, f"Spot starts at {money(spot)}." if spot is not None else "")


def compared_with_median(providers_n: int, pricing_type: str, source: str) -> str:
    """What a line of the market's median is made of."""
    by = f", as {source} read them" if source else ""
    return (
        f"Compared with the market’s median, {PRICING[pricing_type].lower()}: of the lowest prices of "
        f"{plural(providers_n, 'provider')}, the same ones on every day{by}."
    )


def standing(gpu: GpuLine, stands: Standing) -> str:
    """How a provider's price of a GPU compares with that of the others, for the same number of GPUs."""
    gap = stands.ratio - 1
    way = "below" if gap < 0 else "above"
    how = "at" if abs(gap) < _HARDLY else f"{rounded(abs(gap) * 100, 0)}% {way}"
    sized = f"For machines with {_gpus(str(stands.gpu_count))}" if stands.gpu_count else "Where no size is stated"
    others = f"the {stands.others_n} other sellers of the {literal(gpu.short_name)}"
    return f"{sized}, its price is {how} the median of {others}: {money(stands.median)} per GPU-hour."


def _gpus(count: str) -> str:
    return "one GPU" if count == "1" else f"{count} GPUs"


def per_gpu_hour(best: OfferLine) -> str:
    """How the lowest price per GPU-hour follows from what the provider states."""
    if not best.price_per_hour or not best.count:
        return ""
    stated = f" ({best.original})" if best.original else ""
    machine = f"{literal(best.instance_type)} costs {money(best.price_per_hour)} an hour{stated}"
    if best.count == "1":
        return f"{machine} and has one GPU: {money(best.price_per_gpu_hour)} per GPU-hour."
    return f"{machine}; divided by its {best.count} GPUs, that is {money(best.price_per_gpu_hour)} per GPU-hour."


def position(provider: ProviderLine) -> str:
    """How a provider's prices compare with those of the other sellers of the same GPUs."""
    if provider.position is None:
        return ""
    gap = provider.position - 1
    way = "less" if gap < 0 else "more"
    how_much = "the same" if abs(gap) < _HARDLY else f"{rounded(abs(gap) * 100, 0)}% {way}"
    than = "as" if how_much == "the same" else "than"
    basket = f"the median over {plural(provider.compared_n, 'GPU')}, each against the median of at least two others"
    charged = f"Like for like, it charges {how_much} on demand {than} other sellers"
    return f"{charged}: {basket} in machines of the same size."


def gpu_verdict(a: GpuLine, b: GpuLine, ratio: Decimal | None, shared_n: int, on_paper: str = "") -> str:
    """Which of two GPUs costs more where both are sold, and the speed-up at which that pays off.

    `ratio` is the median, over the `shared_n` providers that sell both, of the second price divided by the first.
    """
    first = _at_same_sellers(a, b, ratio, shared_n) or _whole_market(a, b)
    return opened(first, _pays_off(ratio), on_paper)


def _at_same_sellers(a: GpuLine, b: GpuLine, ratio: Decimal | None, shared_n: int) -> str:
    if not shared_n:
        return ""
    if ratio is None:
        rent = f"{plural(shared_n, 'provider rents', 'providers rent')} out both on demand in machines of the same size"
        return f"{rent}, too few for a single figure: see [their prices](#same-provider)."
    cheap, costly = (a, b) if ratio >= 1 else (b, a)
    times = max(ratio, 1 / ratio)
    names = f"the {literal(costly.name)}", f"the {literal(cheap.name)}"
    at = f"At the {shared_n} providers that rent out both, {names[0]} costs"
    measured = f"per GPU-hour on demand than {names[1]} (median, same number of GPUs)."
    if times - 1 < _HARDLY:
        return f"{at} hardly more {measured}"
    return f"{at} **{rounded((times - 1) * 100, 0)}% more** {measured}"


def _pays_off(ratio: Decimal | None) -> str:
    times = max(ratio, 1 / ratio) if ratio else Decimal(1)
    if times - 1 < _HARDLY:
        return ""
    return f"It is cheaper per unit of work only if it is more than about {rounded(times, 2)} times as fast."


def _whole_market(a: GpuLine, b: GpuLine) -> str:
    """The medians of both markets, of which others are sellers, too."""
    if a.median is None or b.median is None:
        return ""
    medians = listed([f"{money(one.median)} for the {literal(one.short_name)} ({_sellers(one)})" for one in (a, b)])
    return f"Across all sellers, who are not the same, the medians are {medians}."


def _sellers(gpu: GpuLine) -> str:
    return plural(gpu.providers_n, "provider")


def provider_verdict(a: ProviderLine, b: ProviderLine, shared: Iterable[SharedPrice]) -> str:
    """Which of two providers is cheaper, and for how many of the GPUs that both rent out in machines of a size."""
    prices = list(shared)
    like = [price for price in prices if price.is_like]
    apart = len(prices) - len(like)
    which = "more only" if like else "of the same GPUs, but only"
    more = f"They rent out {apart} {which} in machines of different or unstated sizes." if apart else ""
    return opened(_wins(literal(a.name), literal(b.name), like), more)


def _wins(name_a: str, name_b: str, prices: Sequence[SharedPrice]) -> str:
    wins_a = sum(price.cheaper == "a" for price in prices)
    wins_b = sum(price.cheaper == "b" for price in prices)
    equal = len(prices) - wins_a - wins_b
    gpus = "one GPU" if len(prices) == 1 else f"{len(prices)} GPUs"
    unstated = "" if all(price.a_count for price in prices) else ", or both without stating one"
    of = f"the {gpus} that both rent out on demand in machines of the same size{unstated}"
    tail = f", and {plural(equal, 'price is', 'prices are')} equal" if equal else ""
    if equal == len(prices):
        return f"{name_a} and {name_b} charge the same for {of}." if prices else ""
    if wins_a == wins_b:
        return f"{name_a} and {name_b} are each cheaper for {wins_a} of {of}{tail}."
    first, second = ((name_a, wins_a), (name_b, wins_b)) if wins_a > wins_b else ((name_b, wins_b), (name_a, wins_a))
    if first[1] == len(prices):
        return f"{first[0]} is cheaper for {'all of ' if len(prices) > 1 else ''}{of}."
    return f"{first[0]} is cheaper for {first[1]} of {of}, {second[0]} for {second[1]}{tail}."


def held_back(rules: Sequence[HeldBack]) -> str:
    """How many offers are held back, by rule, and at which providers or for which GPUs; "" for none."""
    total = sum(rule.offers_n for rule in rules)
    if not total:
        return ""
    reasons = [f"{rule.words}{_of(rule)}" for rule in rules]
    if len(rules) > 1:
        reasons = [f"{rule.offers_n:,} {reason}" for rule, reason in zip(rules, reasons, strict=True)]
    how = f"[How this is decided]({urls.METHODOLOGY}#what-is-refused-or-held-back)"
    return f"{plural(total, 'offer is', 'offers are')} held back: {listed(reasons)}. {how}."


def _of(rule: HeldBack) -> str:
    links = [link(to) for to in rule.of[:_NAMED]]
    more = [f"{len(rule.of) - _NAMED} more"] if len(rule.of) > _NAMED else []
    return f" ({listed([*links, *more])})" if links else ""


def sold_by(machines: Iterable[SoldWithoutPrice]) -> str:
    """Who sells a GPU at a price that is not known; "" for nobody."""
    return " ".join(f"{link(one.of)} sells this GPU ({_machine(one)}), but no price is recorded." for one in machines)


def sold_here(machines: Iterable[SoldWithoutPrice]) -> str:
    """The GPUs that a provider sells at a price that is not known; "" for none."""
    return " ".join(f"{link(one.of)} is sold here ({_machine(one)}), but no price is recorded." for one in machines)


def _machine(one: SoldWithoutPrice) -> str:
    return f"[{literal(one.machine_type)}]({one.url})"


def gpu_availability(gpu: GpuLine, found: Availability) -> str:
    """How many providers had a GPU all the time, of those that state availability, and which had it least."""
    name = literal(gpu.short_name)
    if len(found.lines) == 1:
        (line,) = found.lines
        return f"{link(line.subject)}, the only provider here that states availability, had the {name} {_time(line)}."
    start = f"Of {len(found.lines)} providers that state availability, {_always(found)} had the {name} all the time"
    least = found.lines[-1]
    if least.available_share == 1:
        return f"{start}."
    how_much = "never had it" if not least.available_share else f"had it least, {_time(least)}"
    return f"{start}; {link(least.subject)} {how_much}."


def provider_availability(provider: ProviderLine, found: Availability) -> str:
    """How many GPUs a provider had all the time, of those whose availability it states, and which it had least."""
    name = literal(provider.name)
    if len(found.lines) == 1:
        (line,) = found.lines
        return f"{name} had the {link(line.subject)} {_time(line)}; for other GPUs this is not known."
    start = f"Of {len(found.lines)} GPUs whose availability {name} states, it had {_always(found)} all the time"
    least = found.lines[-1]
    if least.available_share == 1:
        return f"{start}."
    how_much = "was never available" if not least.available_share else f"was available least, {_time(least)}"
    return f"{start}; the {link(least.subject)} {how_much}."


def _always(found: Availability) -> str:
    """How many were available all the time, in words."""
    always = sum(line.available_share == 1 for line in found.lines)
    return "each" if always == len(found.lines) else str(always or "none")


def _time(line: AvailabilityLine) -> str:
    """For how much of the time observed it was available, in words."""
    if line.available_share in (0, 1):
        return "at no time" if line.available_share == 0 else "all the time"
    return f"{share_of_time(line.available_share)} of the time"


def indices(lines: Sequence[IndexLine]) -> str:
    """How many of the on-demand indices rose and fell over 30 days, and which moved most."""
    if not lines:
        return f"No GPU has a price index yet: {_INDEX_NEEDS}."
    known = [(change, line) for line in lines if (change := _month_change(line)) is not None]
    if not known:
        return f"{plural(len(lines), 'index', 'indices')} of GPU rental prices, none of them 30 days old yet."
    known.sort(key=lambda found: -abs(found[0]))
    moves = {
        "fell": [line for change, line in known if change < 0],
        "rose": [line for change, line in known if change > 0],
        "stood still": [line for change, line in known if not change],
    }
    counts = listed(f"{len(found)} {word}" for word, found in moves.items() if found)
    most = [f"{link(line.gpu)} {percent(_month_change(line))}" for line in (*moves["fell"][:1], *moves["rose"][:1])]
    moved = f"The largest {'moves' if len(most) > 1 else 'move'}: {listed(most)}." if most else ""
    until = day(max(line.on for line in lines))
    return opened(f"Of {plural(len(known), 'index', 'indices')}, **{counts}** in the 30 days to {until}.", moved)


def _month_change(line: IndexLine) -> Decimal | None:
    return line.changes[CHANGES.index(30)]


def index_answer(name: str, index: Index | None) -> str:
    """What an index stands at, and how that changed over 30 days."""
    if index is None:
        return f"The {literal(name)} has no price index today: {_INDEX_NEEDS}."
    line = index.line
    kind = "spot" if line.pricing_type == "spot" else "on demand"
    read = f", as read by {literal(line.source)}" if line.source else ""
    first = f"On {day(line.on)} the {literal(name)} stood at **{money(line.value)} per GPU-hour** {kind}"
    return f"{first}: the median of {plural(line.providers_n, 'provider')}{read}.{_since_a_month(line)}"


def _since_a_month(line: IndexLine) -> str:
    change = _month_change(line)
    if change is None:
        return ""
    if not change:
        return " It stood at the same 30 days before."
    return f" That is {rounded(abs(change) * 100, 1)}% {'less' if change < 0 else 'more'} than 30 days before."


def index_of_chip(chip: Link) -> str:
    """What an index of a bare chip name is of."""
    name = literal(chip.text)
    return (
        f"These are prices of offers that say only “{name}”, without the form factor or memory that tells its "
        "variants apart. The panel is the same on every day, so its changes are like for like; "
        f"[the {name}'s page]({chip.path}) has the prices of each variant."
    )


_INDEX_NEEDS = "it takes the prices of the same three providers on 30 days, and on 80% of those between"
