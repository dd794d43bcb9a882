"""Pages with reviewed words: in place of the answer, as far as today's data bear them out."""

from datetime import date

import pytest
from lxml import html

from generator.catalogue.slices import SliceReader
from generator.pages.registry import page_type
from generator.prose.texts import Prose
from generator.site.render import Renderer
from tests.generator.catalogues import LD, SITE, catalogue, gpu, offer, provider

SLUG = "gpu/h100-sxm"


def made(**fields):
    words = {"title": "", "description": "", "text": "The H100 costs {{ floor:h100-sxm }} on demand.", **fields}
    known = catalogue(
        gpu("h100-sxm"),
        provider("nimbus"),
        offer("h100-sxm", "nimbus", "2.5"),
        Prose(slug=SLUG, **words),
    )
    return page_type("gpu_detail").page(SliceReader(known), LD, "h100-sxm")


def test_they_take_the_place_of_the_answer():
    page = made(title="H100 SXM: {{ floor:h100-sxm }}", reviewed_by="Jo Doe", reviewed_on=date(2026, 8, 3))
    assert page.words["answer"].startswith("The H100 costs $")
    assert page.title.startswith("H100 SXM: $")
    shown = " ".join(html.document_fromstring(Renderer(SITE).render(page)).text_content().split())
    assert "Reviewed by Jo Doe on 3 Aug 2026." in shown
    assert "The H100 costs $" in shown


def test_a_page_keeps_its_own_words_where_nothing_of_them_can_be_said():
    own = made(text="Spot costs {{ spot_floor:b200-sxm }}.")
    assert "rents from" in own.words["answer"]
    assert own.reviewed is None


@pytest.mark.parametrize("text", ["{{ floor:nope }} {{ nope }}", "{% claim %}", "{{ floor:unknown-gpu }}"])
def test_broken_words_make_no_page_disappear(text):
    assert made(text=text).words["answer"]


def test_a_false_claim_s_sentence_is_not_on_the_page():
    text = "One. {% claim providers_at_least:h100-sxm:99 %}Many sell it.{% endclaim %} Two."
    assert made(text=text).words["answer"] == "One. Two."


def test_json_ld_has_today_s_figures_and_no_node_without_one():
    names = ("{{ floor:h100-sxm }}", "{{ spot_floor:h100-sxm }}")
    data = {"@graph": [{"@type": "Thing", "name": name} for name in names]}
    nodes = [node for node in made(structured_data=data).graph if node.get("@type") == "Thing"]
    assert len(nodes) == 1
    assert nodes[0]["name"].startswith("$")
