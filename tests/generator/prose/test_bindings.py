import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from markdown_it import MarkdownIt

from generator.errors import BrokenContent
from generator.model.blocks import GpuLine, Link, ProviderLine
from generator.prose.bindings import problems, resolve, unbound_prices
from generator.prose.figures import FUNCTIONS
from generator.prose.texts import Citation

SXM = GpuLine(
    slug="h100-sxm",
    name="NVIDIA H100 SXM5 80GB",
    short_name="H100 SXM",
    path="/gpu/h100-sxm/",
    manufacturer="NVIDIA",
    architecture="Hopper",
    group="datacenter",
    form_factor="SXM5",
    vram_gb=80,
    memory_type="HBM3",
    memory_bandwidth_gbps=3350,
    fp16_tflops=Decimal("989.50"),
    fp8_tflops=Decimal(1979),
    floor=Decimal("2.4900"),
    floor_provider=Link("Nimbus", "/provider/nimbus/"),
    median=Decimal("3.125"),
    ceiling=None,
    spot_floor=Decimal("1.20"),
    spot_ratio=Decimal("0.45"),
    providers_n=14,
    offers_n=40,
    per_vram_gb=Decimal("0.031"),
    change_30d=None,
)
PCIE = dataclasses.replace(
    SXM,
    slug="h100-pcie",
    short_name="H100 PCIe",
    path="/gpu/h100-pcie/",
    median=Decimal("2.5"),
    memory_bandwidth_gbps=2000,
)
UNSOLD = dataclasses.replace(
    SXM,
    slug="h100-nvl",
    floor=None,
    floor_provider=None,
    median=None,
    spot_floor=None,
    spot_ratio=None,
    providers_n=0,
    fp8_tflops=None,
    form_factor="",
)
NIMBUS = ProviderLine(
    slug="nimbus",
    name="Nimbus",
    path="/provider/nimbus/",
    provider_type="specialized_neocloud",
    country="US",
    gpus_n=3,
    fresh_gpus_n=3,
    offers_n=9,
    regions_n=1,
    floor=Decimal("0.4"),
    position=None,
    compared_n=0,
    billing_step="",
    minimum_rental="",
    storage="",
    egress="",
    has_spot=False,
    has_reserved=False,
    has_infiniband=False,
    source="Provider's API",
    confirmed_at=None,
    freshness="fresh",
    is_recorded=False,
)


NIM = Citation("NIM, Performance", "https://docs.example/nim_(v1)", "nim", date(2026, 7, 1))


class Lookup:
    as_of = datetime(2026, 8, 2, 12, tzinfo=UTC)

    def __init__(self, *gpus: GpuLine) -> None:
        self.gpus = {line.slug: line for line in gpus or (SXM, PCIE, UNSOLD)}

    def gpu(self, slug: str) -> GpuLine | None:
        return self.gpus.get(slug)

    def provider(self, slug: str) -> ProviderLine | None:
        return NIMBUS if slug == "nimbus" else None

    def price_ratio(self, one, other):
        return Decimal("1.25") if (one, other) == ("h100-sxm", "h100-pcie") else None

    def term(self, provider, field):
        return {"egress": "$0.09 per GB"}.get(field)

    def count(self, name: str) -> int:
        return {"providers": 45, "offers": 5120, "gpus": 0}[name]

    def change(self, gpu, days):
        return {("h100-sxm", 30): Decimal("-0.052"), ("h100-pcie", 30): Decimal("0.01")}.get((gpu, days))

    def sellers(self, gpu):
        return ("nimbus",) if gpu == "h100-pcie" else ("ash", "nimbus")

    def source(self, name):
        return NIM if name == "nim" else None

    def in_stock(self, gpu):
        return 3

    def floor_on(self, gpu, day):
        return Decimal(2) if gpu == "h100-sxm" else Decimal(3)


VALUES = {
    "floor:h100-sxm": "$2.49",
    "median:h100-sxm": "$3.13",
    "spot_floor:h100-sxm": "$1.20",
    "floor_provider:h100-sxm": "[Nimbus](/provider/nimbus/)",
    "providers:h100-sxm": "14",
    "gpu:h100-sxm": "[H100 SXM](/gpu/h100-sxm/)",
    "provider:nimbus": "[Nimbus](/provider/nimbus/)",
    "spec:h100-sxm:vram_gb": "80 GB",
    "spec:h100-sxm:memory_bandwidth_gbps": "3,350 GB/s",
    "spec:h100-sxm:fp16_tflops": "989.5 TFLOPS",
    "spec:h100-sxm:form_factor": "SXM5",
    "price_ratio:h100-sxm:h100-pcie": "1.25",
    "ratio:memory_bandwidth_gbps:h100-sxm:h100-pcie": "1.68",
    "cost:floor:h100-sxm:730": "$1,817.70",
    "spot_saving:h100-sxm": "52%",
    "ratio:median:h100-sxm:h100-pcie": "1.25",
    "spot_discount:h100-sxm": "55%",
    "term:nimbus:egress": "$0.09 per GB",
    "as_of": "2 Aug 2026",
    "count:offers": "5,120",
    "change:h100-sxm:30": "−5.2%",
    "about:median:h100-sxm": "about $3",
    "cited:2.5 s:nim": "[2\\.5 s](https://docs.example/nim_%28v1%29)",
}


@pytest.mark.parametrize(("binding", "value"), VALUES.items())
def test_binding_becomes_its_value(binding, value):
    assert resolve(f"It is {{{{ {binding} }}}}.", Lookup()).text == f"It is {value}."


def test_every_function_is_tested_above():
    assert {binding.split(":")[0] for binding in VALUES} == set(FUNCTIONS)


@pytest.mark.parametrize(
    "binding",
    [
        "floor:h100-nvl",
        "floor_provider:h100-nvl",
        "providers:h100-nvl",
        "spec:h100-nvl:fp8_tflops",
        "spec:h100-nvl:form_factor",
        "price_ratio:h100-sxm:h100-nvl",
        "cost:spot_floor:h100-nvl:8",
        "spot_saving:h100-nvl",
        "spot_discount:h100-nvl",
        "term:nimbus:ingress",
        "count:gpus",
        "change:h100-nvl:30",
        "about:floor:h100-sxm",
    ],
)
def test_paragraph_without_a_value_is_left_out_and_reported(binding):
    resolved = resolve(f"Before.\n\nFrom {{{{ {binding} }}}}\nan hour.\n\nAfter.", Lookup())
    assert resolved.text == "Before.\n\nAfter."
    assert resolved.missing == (binding,)


def test_spot_at_or_above_on_demand_is_no_saving():
    lookup = Lookup(dataclasses.replace(SXM, spot_floor=SXM.floor, spot_ratio=Decimal(1)))
    assert resolve("{{ spot_saving:h100-sxm }} less", lookup).text == ""
    assert resolve("{{ spot_discount:h100-sxm }} less", lookup).text == ""


def test_list_item_and_table_row_are_left_out_alone():
    text = "- a {{ floor:h100-nvl }}\n  more\n- b\n\n| x | y |\n|---|---|\n| c | {{ floor:h100-nvl }} |\n| d | e |"
    assert resolve(text, Lookup()).text == "- b\n\n| x | y |\n|---|---|\n| d | e |"


def test_table_without_rows_and_heading_without_text_go():
    table = "## Prices\n\n### Now\n\n| x | y |\n|---|---|\n| c | {{ floor:h100-nvl }} |\n\n## Next\n\nText."
    assert resolve(table, Lookup()).text == "## Next\n\nText."


def test_what_announces_a_table_goes_with_it():
    table = "| x | y |\n|---|---|\n| c | {{ floor:h100-nvl }} |"
    assert resolve(f"Text.\n\nThe prices:\n\n{table}\n\nMore.", Lookup()).text == "Text.\n\nMore."
    assert resolve(f"The prices.\n\n{table}", Lookup()).text == "The prices."


def test_heading_stays_where_a_part_below_it_stays():
    text = "## Prices\n\nFrom {{ floor:h100-nvl }}.\n\n### Why\n\nText."
    assert resolve(text, Lookup()).text == "## Prices\n\n### Why\n\nText."


def test_text_without_missing_values_keeps_every_character():
    text = "# A\n\n\n\n```\ncode\n\n\n\n```\n## Empty\n"
    assert resolve(text, Lookup()).text == text


def test_resolved_text_names_its_gpus_and_providers():
    resolved = resolve("{{ gpu:h100-pcie }} {{ ratio:vram_gb:h100-sxm:h100-pcie }} {{ provider:nimbus }}", Lookup())
    assert (resolved.gpus, resolved.providers) == (("h100-pcie", "h100-sxm"), ("nimbus",))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{{ price:h100-sxm }}", 'g.md: unknown binding "price:h100-sxm"; allowed are floor, median,'),
        ("{{ floor }}", 'g.md: binding "floor" has 0 arguments; expected "floor:<a GPU\'s slug>"'),
        ("{{ floor:H100 SXM }}", 'g.md: binding "floor:H100 SXM": "H100 SXM" is not <a GPU\'s slug>'),
        ("{{ spec:h100-sxm:colour }}", 'g.md: binding "spec:h100-sxm:colour": "colour" is not <one of vram_gb,'),
        ("{{ cost:floor:h100-sxm:0 }}", '"0" is not <a number above zero>'),
        ("{{ floor:b300 }}", 'g.md: binding "floor:b300": no GPU has the slug "b300"; allowed are'),
        ("{{ provider:lambda }}", 'no provider has the slug "lambda"; allowed are'),
        ("{{ floor:h100-sxm\n}}", 'g.md: "{{" is not part of a binding'),
        ("{% if floor %}", 'g.md: "{%" is not part of a binding'),
    ],
)
def test_wrong_binding_is_named_with_its_file(text, line):
    with pytest.raises(BrokenContent) as error:
        resolve(text, Lookup(), "g.md")
    assert line in error.value.message


def test_problems_are_found_without_a_catalogue():
    assert len(problems("{{ nope }} {{ floor }} {{ floor:any-slug }}", "g.md")) == 2


def test_name_with_markup_shows_as_it_is():
    evil = "</script><img src=x onerror=alert(1)> [x](javascript:y) *b* `c` | &amp; {{ floor:h100-sxm }}"
    lookup = Lookup(dataclasses.replace(SXM, short_name=evil))
    text = resolve("| a | b |\n|---|---|\n| {{ gpu:h100-sxm }} | c |", lookup).text
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert html.count("<td>") == 2
    assert "<img" not in html
    assert "javascript:y" in html
    assert html.count("href=") == 1
    assert "{{ floor:h100-sxm }}" in html


@pytest.mark.parametrize(
    "typed", ["$2.49", "€ 3", "USD 1,200.50", "2.49 dollars", "ninety cents", "5 US dollars", "3 EUR", "$2"]
)
def test_typed_amount_is_found(typed):
    assert unbound_prices(f"It costs {typed} an hour.") == (typed,)


def test_bound_amounts_and_plain_numbers_are_no_typed_amounts():
    assert (
        unbound_prices("{{ floor:h100-sxm }} for 80 GB, 730 hours, 8 GPUs, in US dollars; 20 percent of 3 euroclouds")
        == ()
    )


def test_prices_are_found_however_their_digits_are_parted():
    found = unbound_prices("From .5 dollars, 1,000 USD, 12,.3-euro, 1,,2 cents or $3,. a day; 4 GPUs, 5.")
    assert [amount.strip(",.") for amount in found] == ["5 dollars", "1,000 USD", "12,.3-euro", "1,,2 cents", "$3"]


def test_hours_without_measure_are_no_number():
    (problem,) = problems("{{ cost:floor:h100-sxm:99999999999999999999999999999999 }}", "g.md")
    assert "is not <a number above zero>" in problem.message


@pytest.mark.parametrize(
    ("values", "binding"),
    [
        ({"median": Decimal(5)}, "ratio:median:h100-sxm:h100-pcie"),
        ({"spot_ratio": Decimal("0.9")}, "spot_saving:h100-sxm"),
        ({"spot_ratio": None}, "spot_saving:h100-sxm"),
    ],
)
def test_two_markets_are_not_compared_where_the_same_sellers_tell_otherwise(values, binding):
    assert resolve(f"It is {{{{ {binding} }}}}.", Lookup(dataclasses.replace(SXM, **values), PCIE)).text == ""
