import re
from collections import Counter
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from lxml import html
from markdown_it import MarkdownIt

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.pages import gpu_detail
from generator.pages.registry import page_types
from generator.site.llms import llms
from generator.site.page_formats import documents
from generator.site.page_markdown import page_markdown
from generator.site.render import Renderer
from tests.generator.catalogues import HOSTILE, LD, SITE, catalogue, gpu, offer
from tests.generator.page_models import BODIES, filled, page
from tests.generator.page_models import SITE as MADE_UP

LEFT_OUT = "//main//*[self::nav or self::svg or self::summary[not(h2)] or self::form or @aria-hidden='true']"
READER = MarkdownIt("commonmark", {"html": True}).enable("table")
OWN_MARKS = re.compile(r"[\s():;]+")  # what the Markdown puts around marks and terms


def twin(one: Any, site: Any = SITE) -> tuple[Any, str, Any]:
    """The page's main part, its Markdown, and that as its readers see it."""
    rendered = Renderer(site).rendered(one)
    made = page_markdown(one, rendered).decode()
    main = html.document_fromstring(rendered.html.decode())
    for part in main.xpath(LEFT_OUT):
        part.drop_tree()
    return main.find(".//main"), made, html.fromstring(f"<div>{READER.render(made.split('---', 2)[2])}</div>")


def gpu_page(*rows: Any) -> tuple[Any, str, Any]:
    return twin(gpu_detail.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, "a"))


def words(tree: Any) -> str:
    return OWN_MARKS.sub("", tree.text_content())


def numbers(tree: Any) -> Counter[str]:
    return Counter(re.findall(r"\d+(?:[.,]\d+)*", " ".join(tree.itertext())))


@pytest.mark.parametrize("name", sorted(BODIES.keys() - {"not_found"}))
def test_every_word_and_link_of_a_page_is_in_its_twin_in_order(name: str) -> None:
    main, _, seen = twin(page(name, filled(BODIES[name]), path="/"), MADE_UP)
    shown = iter(words(seen))
    assert all(letter in shown for letter in words(main))
    links = {link.get("href") for link in main.iter("a") if not link.get("href").startswith("#")}
    absolute = {"https://example.com" + href if href.startswith("/") else href for href in links}
    assert set(map(unquote, absolute)) <= {unquote(link.get("href")) for link in seen.iter("a")}
    assert numbers(main) <= numbers(seen)


@pytest.mark.parametrize("name", BODIES)
def test_hostile_text_is_text_in_the_twin(name: str) -> None:
    _, made, seen = twin(page(name, filled(BODIES[name])), MADE_UP)
    assert "<img" not in made.split("---", 2)[2]
    assert not seen.xpath("//img | //script")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_instance_name_stays_in_its_cell(text: str) -> None:
    *_, seen = gpu_page(offer("a", "ash", 2, instance_type=text))
    cells = [cell.text_content() for cell in seen.xpath("//table[1]/tbody/tr[1]/td[4]")]
    assert cells[0] == " ".join(text.split())


def test_a_price_stands_in_a_table_with_its_day_and_source() -> None:
    _, made, _ = gpu_page(offer("a", "ash", 2, source_url="https://ash.example/prices"))
    row = "| [Ash](https://gpus.example/prices/provider/ash/) | $2.00 | 1× | `a` | $2.00 | "
    assert f"{row}[22 Aug 2026](https://ash.example/prices) | [Visit](https://ash.example) |" in made


def test_a_missing_price_is_none_and_never_zero() -> None:
    one, three = {"price_per_hour_reserved_1y": Decimal(1)}, {"price_per_hour_reserved_3y": Decimal(3)}
    _, made, _ = gpu_page(offer("a", "ash", 2, **one), offer("a", "elm", 2, **three))
    assert "| $1.00 |" in made
    assert "| none |" in made
    assert "$0" not in made


def test_the_twin_opens_with_title_description_and_address_and_links_the_methodology() -> None:
    _, made, seen = gpu_page(gpu("a", short_name='A "x": y'), offer("a", "ash", 2))
    front = yaml.safe_load(made.split("---")[1])
    assert front["url"] == "https://gpus.example/prices/gpu/a/"
    assert front["title"].startswith('A "x": y')
    assert "https://gpus.example/prices/methodology/" in seen.xpath("//a/@href")


@pytest.mark.parametrize("kind", [kind for kind in page_types() if kind.has_html], ids=lambda kind: kind.name)
def test_each_page_type_has_a_twin_and_leads_to_it(kind: Any) -> None:
    one = page(kind.name, filled(kind.body), path="/x/")
    made = documents(one, Renderer(SITE).rendered(one), kind.formats)
    led = html.document_fromstring(next(iter(made.values()))).xpath("//link[@type='text/markdown']/@href")
    expected = [] if kind.name == "not_found" else ["x/index.md"]
    assert [href.removeprefix("/prices/") for href in led] == expected
    assert [path for path in made if path.endswith(".md")] == expected


def test_llms_txt_names_lists_by_their_twins() -> None:
    told = llms(SITE)["llms.txt"].decode()
    assert told.startswith("# CloudGPUs\n\n> Prices of GPUs")
    assert f"- [GPUs](https://gpus.example/prices{urls.markdown_twin(urls.GPU_INDEX)}): " in told
