"""The clock moved through promotions, announced, withdrawn and disputed prices: what each page and file shows."""

import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from generator.database import runs
from generator.ingest import store
from scrapers.price_times import ScheduledPrice
from tests.generator.site.test_incremental import files_of
from tests.sql import samples
from tests.sql.samples import after, offer

pytestmark = pytest.mark.postgres
DAY = 24
PROMOTION, REGULAR, SPOT, SCHEDULED, WITHDRAWN, DISPUTED = "70.31", "80.37", "30.41", "60.53", "40.67", "20.83"
_TEXT = re.compile(r"\.(html|json|md|xml|svg|txt|csv)$")


def announcement(price, starts, **changes):
    amount = Decimal(price)
    values = {"gpu_slug": "h100-sxm", "instance_type": "promo", "region": "", "gpu_count": 1, "gpu_share": Decimal(1)}
    values |= {"pricing_type": "on_demand", "price_per_gpu_hour": amount, "original_price": amount, "currency": "USD"}
    return ScheduledPrice(**(values | {"starts_at": after(starts), "ends_at": None} | changes))


@pytest.fixture
def clock(made, prices, tmp_path):
    """What moves the clock, stores the answer that a provider gives then, if any, and reads the site built at it."""

    def at(hours, offers=None, scheduled=()):
        run = runs.start(prices, after(hours), "live", "v1")
        if offers is not None:
            what = {"provider": "nimbus", "run_id": run, "source_class": "price_page", "scheduled": scheduled}
            store.store(prices, samples.run(hours, offers, **what))
        runs.finish(prices, run)
        prices.commit()
        made(allow_removals=True, allow_gates=True, jobs=1)
        files = files_of(tmp_path / "site")
        return {path: text.decode() for path, text in files.items() if _TEXT.search(path) and path[0] != "."}

    prices.execute("update providers set source_class = 'price_page'")
    return at


def where(files, price):
    """The files that name a price."""
    return {path for path, text in files.items() if re.search(rf"(?<![\d.]){re.escape(price)}", text)}


def promotion(ends):
    promo = offer("promo", PROMOTION, price_ends={"price_per_hour": after(ends).isoformat()})
    return replace(promo, price_per_hour_spot=Decimal(SPOT), original_price_per_hour_spot=Decimal(SPOT))


def test_a_promotional_price_is_on_no_page_after_its_end_though_nothing_new_was_read(clock):
    offers, later = [promotion(3 * DAY)], [announcement(REGULAR, 3 * DAY)]
    before = clock(2 * DAY, offers, later)
    assert "until 4 Mar 2026, then $80.37" in before["gpu/h100-sxm/index.html"]
    assert {"gpu/h100-sxm/index.html", "index.html", "api/v1/gpu/h100-sxm.json"} <= where(before, PROMOTION)
    after_it = clock(3 * DAY)
    history = "api/v1/history/nimbus/h100-sxm.json"
    assert where(after_it, PROMOTION) == {history}
    promoted, after_promotion = json.loads(after_it[history])["offers"][1]["steps"]
    assert (promoted["valid_to"], after_promotion["usd"]["on_demand"]) == ("2026-03-04T00:00:00Z", None)
    assert where(after_it, REGULAR) == set()
    assert "gpu/h100-sxm/index.html" in where(after_it, SPOT)


def test_a_scheduled_price_is_shown_with_its_day_and_counts_only_once_it_is_read(clock):
    plain = [offer("promo", REGULAR)]
    before = clock(DAY, plain, [announcement(SCHEDULED, 2 * DAY)])
    page = before["gpu/h100-sxm/index.html"]
    assert "Announced prices" in page
    assert ">3 Mar 2026<" in page
    assert where(before, SCHEDULED) == {
        "gpu/h100-sxm/index.html", "gpu/h100-sxm/index.md", "provider/nimbus/index.html", "provider/nimbus/index.md"
    }  # fmt: skip
    ld_json = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert SCHEDULED not in "".join(ld_json)
    assert where(clock(2 * DAY), SCHEDULED) == set()
    assert "api/v1/gpu/h100-sxm.json" in where(clock(2 * DAY + 1, [offer("promo", SCHEDULED)]), SCHEDULED)


def test_the_pages_of_a_gpu_at_a_provider_and_of_a_chip_show_announced_prices_until_their_day(clock, prices):
    samples.add_gpu(prices, "h100-pcie")
    prices.execute("insert into gpu_models (slug, name, short_name, architecture, kind, chip)"
        " values ('h100', 'NVIDIA H100', 'H100', 'hopper', 'chip', 'h100')")  # fmt: skip
    prices.execute("update gpu_models set chip = 'h100' where slug like 'h100-%'")
    plain = [offer("promo", REGULAR), offer("other", REGULAR), offer("card", REGULAR, gpu_slug="h100-pcie")]
    later = [announcement(SCHEDULED, 2 * DAY), announcement(WITHDRAWN, 2 * DAY, gpu_slug="h100", instance_type="any")]
    pages = {"provider/nimbus/h100-sxm/index.html": SCHEDULED, "gpu/h100/index.html": WITHDRAWN}
    before, since = clock(DAY, plain, later), clock(2 * DAY)
    for page, price in pages.items():
        assert page in where(before, price)
        assert re.search(r"Announced prices.*3 Mar 2026", before[page], re.DOTALL)
        assert where(since, price) == set()
        assert "Announced prices" not in since[page]
    assert "provider/nimbus/h100-sxm/index.html" not in where(before, WITHDRAWN)


def test_a_withdrawn_price_is_marked_until_its_day_and_never_current(clock):
    plain = [offer("promo", REGULAR)]
    clock(DAY, plain, [announcement(WITHDRAWN, 3 * DAY)])
    page = clock(DAY + 1, plain)["gpu/h100-sxm/index.html"]
    assert re.search(r"\$40\.67.*withdrawn.*2 Mar 2026", page, re.DOTALL)
    for hours in (3 * DAY, 4 * DAY):
        assert where(clock(hours, plain if hours == 4 * DAY else None), WITHDRAWN) == set()


def test_a_disputed_price_is_labelled_and_in_no_figure(clock, prices):
    ranked = clock(DAY, [offer("promo", DISPUTED)])
    assert "index.html" in where(ranked, DISPUTED)
    prices.execute("insert into disputed_prices select id, 'promo', '', '', '2026-03-02', 'https://x.example', 'gone'"
        " from providers where slug = 'nimbus'")  # fmt: skip
    found = clock(DAY + 1)
    page = found["gpu/h100-sxm/index.html"]
    assert "disputed: not found again at its source" in page
    assert "index.html" not in where(found, DISPUTED)
    assert "20.83" not in "".join(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL))


def test_builds_of_any_clock_equal_full_ones(clock, made, prices, tmp_path):
    clock(DAY, [promotion(2 * DAY)], [announcement(SCHEDULED, 3 * DAY), announcement(WITHDRAWN, 4 * DAY)])
    clock(DAY + 2, [promotion(2 * DAY)], [announcement(SCHEDULED, 3 * DAY)])
    for hours in (2 * DAY, 3 * DAY, 4 * DAY, 9 * DAY):
        clock(hours)
        made(tmp_path / "anew", full=True, allow_removals=True, allow_gates=True, jobs=1)
        assert files_of(tmp_path / "site") == files_of(tmp_path / "anew")
