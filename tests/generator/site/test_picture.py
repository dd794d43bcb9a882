import os
import struct
import subprocess
import sys
from dataclasses import replace

import pytest
from lxml import html

from generator.charts import card
from generator.model.card import Card
from generator.model.page import Gate
from generator.output import disk
from generator.pages import gpu_detail
from generator.root import ROOT
from generator.site import picture
from generator.site.page_formats import documents
from generator.site.picture import picture_of, png
from generator.site.render import Renderer
from tests.generator.page_models import AT, SITE, filled, page

SVG = card.card("CloudGPUs", "H100 SXM", "Rent it.", Card("$1.75", "per GPU-hour"), AT)
AGAIN = "import sys; from generator.site.picture import png; sys.stdout.buffer.write(png(sys.stdin.read()))"


def gpu(**more):
    return (
        page("gpu_detail", filled(gpu_detail.GpuDetail), card=Card("$1.75", "per GPU-hour", AT))
        if not more
        else (replace(gpu(), **more))
    )


def test_a_picture_is_a_png_of_the_size_that_networks_ask_for():
    made = png(SVG)
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", made[16:24]) == (1200, 630)
    assert len(made) < 60_000


def test_the_same_picture_has_the_same_bytes_elsewhere(tmp_path):
    elsewhere = {"PATH": os.defpath, "HOME": str(tmp_path), "LANG": "tr_TR.UTF-8", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", AGAIN]
    done = subprocess.run(command, input=SVG.encode(), env=elsewhere, cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout == png(SVG)


def test_its_letters_come_from_our_font_and_not_from_the_machine(monkeypatch):
    made = png(SVG)
    monkeypatch.setattr(picture, "FONTS", ())
    assert png(SVG) != made


def test_only_pages_that_search_engines_may_list_have_one():
    assert picture_of(gpu(), SITE)
    assert picture_of(gpu(gate=Gate("thin", ("few_providers",))), SITE) is None


def test_the_page_names_its_picture():
    made = Renderer(SITE).rendered(gpu())
    head = html.document_fromstring(made.html)
    (address,) = head.xpath("//meta[@property='og:image']/@content")
    (said,) = head.xpath("//meta[@property='og:image:alt']/@content")
    assert address == f"https://example.com/prices/share/gpu/x.png?v={made.picture.version[:10]}"
    assert said.endswith("$1.75 per GPU-hour. Prices of August 2026.")
    assert head.xpath("//meta[@name='twitter:card']/@content") == ["summary_large_image"]


def test_a_page_without_a_picture_names_none():
    thin = gpu(gate=Gate("thin"))
    made = Renderer(SITE).rendered(thin)
    assert b"og:image" not in made.html
    assert list(documents(thin, made, ("html", "picture"))) == ["gpu/x/index.html"]


def test_products_and_articles_show_it_in_search_results():
    nodes = tuple({"@type": kind} for kind in ("Product", "Article", "Dataset"))
    one = gpu(graph=nodes)
    shown = Renderer(SITE).structured_data(one, picture_of(one, SITE))["@graph"][1:]
    assert [node.get("image", "").partition("?")[0].rpartition("/")[2] for node in shown] == ["x.png", "x.png", ""]


def test_what_it_shows_decides_its_address():
    one = picture_of(gpu(), SITE)
    assert picture_of(gpu(body=None), SITE).address == one.address
    for other in (gpu(card=Card("$1.74", "per GPU-hour", AT)), gpu(heading="H200")):
        assert picture_of(other, SITE).address != one.address


@pytest.fixture
def drawn(monkeypatch):
    """The pictures that are drawn."""
    found = []
    monkeypatch.setattr(picture, "png", lambda svg: found.append(svg) or png(svg))
    return found


def test_a_picture_is_drawn_again_only_where_it_shows_something_else(tmp_path, drawn):
    one, other = (gpu(), gpu(card=Card("$1.74", "per GPU-hour", AT)))
    made = [picture_of(each, SITE, tmp_path / "kept").png() for each in (one, one, other, other, one)]
    assert len(drawn) == 3
    assert made[0] == made[1] == made[4] == png(drawn[0])
    assert made[2] == made[3] == png(drawn[1])
    assert len(list((tmp_path / "kept").iterdir())) == 1


@pytest.mark.parametrize("spoil", [lambda data: data[:-9], lambda _: b"", lambda data: data.replace(b"IDAT", b"IDET")])
def test_a_kept_picture_that_was_spoilt_is_drawn_again(tmp_path, drawn, spoil):
    made = picture_of(gpu(), SITE, tmp_path).png()
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(spoil(disk.read(kept)))
    assert picture_of(gpu(), SITE, tmp_path).png() == made
    assert len(drawn) == 2


def test_without_a_folder_to_keep_it_in_a_picture_is_drawn_each_time(tmp_path, drawn):
    (tmp_path / "kept").write_text("")
    made = [picture_of(gpu(), SITE, tmp_path / "kept").png() for _ in range(2)]
    assert made == [png(svg) for svg in drawn]
