"""Kinds of changes to a made-up market, each by chance: what refreshes, editors, the command line, psql and time do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from generator.database import db, runs
from generator.errors import BuildError
from generator.ingest import disagreements, quarantine
from generator.site import content
from scrapers.normalise import HeldBack, UnmappedName
from tests.generator.site import psql_changes
from tests.generator.site.made_up_market import PROVIDERS, RECORDED, Market
from tests.generator.site.psql_changes import Kind


def _seen_again(market: Market, connection: db.Connection) -> None:
    market.refresh(connection, market.as_of + timedelta(minutes=market.chance.randint(1, 50)), _some_providers(market))


def _seen_on_another_day(market: Market, connection: db.Connection) -> None:
    market.refresh(connection, market.as_of + timedelta(days=1), _some_providers(market))


def _seen_at_the_same_instant(market: Market, connection: db.Connection) -> None:
    market.refresh(connection, market.as_of)


def _new_prices(market: Market, connection: db.Connection) -> None:
    slug = market.chance.choice(list(PROVIDERS))
    offers = market.answers[slug]
    for place in market.chance.sample(range(len(offers)), min(2, len(offers))):
        price = (offers[place].price_per_hour or Decimal(2)) + Decimal(market.chance.randint(-90, 90)) / 100
        own = offers[place].original_price_per_hour if offers[place].currency == "EUR" else max(price, Decimal("0.5"))
        offers[place] = replace(offers[place], price_per_hour=max(price, Decimal("0.5")), original_price_per_hour=own)
    market.refresh(connection, market.as_of + timedelta(minutes=20), [slug])


def _another_status(market: Market, connection: db.Connection) -> None:
    slug = market.chance.choice(list(PROVIDERS))
    for place, offer in enumerate(market.answers[slug]):
        if market.chance.random() < 0.3:
            status = market.chance.choice(("available", "limited", "sold_out"))
            market.answers[slug][place] = replace(offer, availability_status=status)
    market.refresh(connection, market.as_of + timedelta(hours=1), [slug])


def _new_offer(market: Market, connection: db.Connection) -> None:
    slug = market.chance.choice(list(PROVIDERS))
    market.put(slug, market.offer(slug))
    market.refresh(connection, market.as_of + timedelta(minutes=5), [slug])


def _dropped_offers(market: Market, connection: db.Connection) -> None:
    slug = market.chance.choice(list(PROVIDERS))
    if len(market.answers[slug]) > 3:
        market.answers[slug].pop(market.chance.randrange(len(market.answers[slug])))
    market.refresh(connection, market.as_of + timedelta(minutes=5), [slug])


def _held_back(market: Market, connection: db.Connection) -> None:
    slug = market.chance.choice(list(PROVIDERS))
    offer = market.chance.choice(market.answers[slug])
    key = offer.instance_type, offer.region
    held = HeldBack(*key, offer.gpu_slug, "price_jump", "twice", {"price_per_hour": Decimal(9)})
    market.held[slug] = [] if market.held.get(slug) else [held]
    market.unmapped[slug] = [] if market.unmapped.get(slug) else [UnmappedName("H400", None, "x", 2, "no alias")]
    market.refresh(connection, market.as_of + timedelta(minutes=5), [slug])


def _decided(market: Market, connection: db.Connection) -> None:
    for entry in quarantine.entries(connection)[:1]:
        decision: quarantine.Decision = market.chance.choice(("release_price", "keep_price_back"))
        try:
            quarantine.decide(connection, entry.id, decision, by="Jo", at=market.as_of, reason="seen")
        except BuildError:
            connection.rollback()


def _compared(market: Market, connection: db.Connection) -> None:
    run_id = runs.start(connection, market.as_of, "live", "v1")
    disagreements.compare(connection, run_id, market.as_of)
    runs.finish(connection, run_id)


def _judged(market: Market, connection: db.Connection) -> None:
    _compared(market, connection)
    found = [entry for entry in disagreements.entries(connection) if entry.state == "open"]
    if found:
        number = market.chance.choice(found).id
        disagreements.judge(connection, number, "ours", by="Jo", at=market.as_of, reason="Read there.")


def _corrected(market: Market, connection: db.Connection) -> None:
    """A stored answer is parsed again, and its prices come out otherwise."""
    slug = market.chance.choice([name for name in PROVIDERS if name != RECORDED])
    run_id = runs.start(connection, market.as_of, "replay", "v2")
    if market.answers[slug]:
        market.answers[slug][0] = replace(market.answers[slug][0], price_per_hour=Decimal(market.chance.randint(1, 9)))
    market.store(
        connection, slug, market.as_of, run_id, corrects=True, replayed_until=market.as_of - timedelta(hours=2)
    )
    runs.finish(connection, run_id)


def _market_settled(market: Market, connection: db.Connection) -> None:
    db.execute(connection, "history_close_market_days", as_of=market.as_of)


def _first_live_or_last(market: Market, connection: db.Connection) -> None:
    """All prices become recorded ones, or those of real providers live again."""
    are_live = market.chance.random() < 0.7
    provider = "select id from providers where slug <> 'museum'"
    connection.execute(f"update instances set is_recorded = %s where provider_id in ({provider})", [not are_live])  # type: ignore[arg-type]


def _failed(market: Market, connection: db.Connection) -> None:
    run_id = runs.start(connection, market.as_of, "live", "v1")
    failure = {"status": "failed", "error_code": "x", "error_message": "x", "held": None, "offers": ()}
    market.store(connection, "nimbus", market.as_of, run_id, **failure)
    runs.finish(connection, run_id)


def _time(**span: float) -> Kind:
    """Time passes, and a run that reaches nobody ends."""

    def pass_by(market: Market, connection: db.Connection) -> None:
        market.refresh(connection, market.as_of + timedelta(**span), ())

    return pass_by


def _guide_written(market: Market, _: db.Connection) -> None:
    slug = market.chance.choice(("nodes", "memory", "later", "new"))
    market.write_guide(slug, market.as_of.date() + timedelta(days=market.chance.choice((-3, 0, 1, 5))))
    if market.chance.random() < 0.8:
        market.approve(slug)


def _guide_removed(market: Market, _: db.Connection) -> None:
    if files := market.guide_files():
        market.chance.choice(files).unlink()


def _guide_off(market: Market, connection: db.Connection) -> None:
    for status in content.statuses(connection, "guide"):
        if status.is_published and market.chance.random() < 0.5:
            content.unpublish(connection, status.slug, actor="jo", at=market.as_of, comment="Old.")
            return


def _workload_written(market: Market, _: db.Connection) -> None:
    market.write_workload(market.chance.choice(("small", "large", "new")))


def _workload_off(market: Market, connection: db.Connection) -> None:
    for status in content.statuses(connection, "workload"):
        if status.is_published:
            content.unpublish(connection, status.slug, actor="jo", at=market.as_of, comment="Old.")
            return


def _methodology(market: Market, _: db.Connection) -> None:
    texts = (
        "It is new.",
        "{{ count:offers }} offers at {{ provider:nimbus }}.",
        "See [it](/guides/memory/#prices).",
        " ",
    )
    market.write_methodology(market.chance.choice(texts))


def _template(market: Market, _: db.Connection) -> None:
    files = [*(market.root / "templates").rglob("*.html"), *(market.root / "templates").rglob("*.css")]
    file = market.chance.choice(sorted(files))
    mark = f"<!-- {market.chance.randint(1, 99)} -->" if file.suffix == ".html" else "/* new */"
    text = file.read_text("utf-8")
    place = text.rfind("</main>") if "</main>" in text else len(text)
    file.write_text(
        f"{text[:place]}{mark}{text[place:]}" if file.suffix == ".css" or "</main>" in text else text + "{# new #}"
    )


def _code(market: Market, _: db.Connection) -> None:
    file = market.chance.choice(sorted((market.root / "generator").rglob("*.py")))
    file.write_text(file.read_text("utf-8") + "\n# new\n", "utf-8")


def _settings(market: Market, _: db.Connection) -> None:
    name, values = market.chance.choice(
        [
            ("site_url", ("https://gpus.example/prices", "https://gpus.example", "https://other.example/x")),
            ("site_name", ("CloudGPUs", "Otherwise")),
            ("organisation", ("Acme", "Other")),
            ("product_markup", (True, False)),
        ]
    )
    market.site[name] = market.chance.choice(values)


def _some_providers(market: Market) -> list[str]:
    return [slug for slug in PROVIDERS if market.chance.random() < 0.6]


_WRITERS: dict[str, Kind] = {
    "seen again": _seen_again,
    "seen on another day": _seen_on_another_day,
    "seen at the same instant": _seen_at_the_same_instant,
    "new prices": _new_prices,
    "another status": _another_status,
    "a new offer": _new_offer,
    "dropped offers": _dropped_offers,
    "held back": _held_back,
    "decided": _decided,
    "compared": _compared,
    "judged": _judged,
    "corrected": _corrected,
    "a failed answer": _failed,
    "market settled": _market_settled,
    "live or recorded": _first_live_or_last,
    "a guide written": _guide_written,
    "a guide removed": _guide_removed,
    "a guide taken off": _guide_off,
    "a workload written": _workload_written,
    "a workload taken off": _workload_off,
    "methodology": _methodology,
    "a template": _template,
    "code": _code,
    "settings": _settings,
    **{
        f"time {span}": _time(**{unit: value})
        for span, unit, value in (
            ("40 minutes", "minutes", 40), ("7 hours", "hours", 7), ("13 hours", "hours", 13),
            ("25 hours", "hours", 25),
            ("3 days", "days", 3), ("8 days", "days", 8), ("31 days", "days", 31), ("back an hour", "hours", -1),
            ("back two days", "days", -2),
        )
    },
}  # fmt: skip
KINDS: Mapping[str, Kind] = {**dict(psql_changes.kinds()), **_WRITERS}
_OFTEN = [name for name in _WRITERS if name not in {"a template", "code", "settings"}]


def chosen(market: Market) -> str:
    """The name of a kind of change: one of the real writers half of the time."""
    return market.chance.choice(_OFTEN if market.chance.random() < 0.4 else list(KINDS))
