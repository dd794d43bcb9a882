from datetime import timedelta

from generator.catalogue.slices import version
from generator.catalogue.views import prose
from tests.generator.catalogues import DAY, catalogue, guide, offer, provider, term


def test_a_guide_states_todays_figures_and_what_it_names():
    known = catalogue(guide("sxm", text="From {{ floor:a }} at {{ floor_provider:a }}."), offer("a", "ash", 2))
    text = prose.guide_text(known, "sxm")
    assert text.text == "From $2.00 at [Ash](/provider/ash/)."
    assert (text.gpus, text.missing) == (("a",), ())


def test_a_guides_version_moves_with_the_figures_in_it_and_with_no_others():
    def version_of(*offers):
        known = catalogue(guide("sxm", text="From {{ floor:a }}."), offer("b", "ash", 1), *offers)
        return version(known, "prose.guide_text:sxm")

    before = version_of(offer("a", "ash", 2))
    assert version_of(offer("a", "ash", 2), offer("b", "elm", 9)) == before
    assert version_of(offer("a", "ash", 3)) != before


def test_guides_come_newest_first():
    known = catalogue(guide("a", title="Old?"), guide("b", title="New?", published_on=DAY + timedelta(1)))
    assert [link.text for link in prose.published_guides(known)] == ["New?", "Old?"]


def test_a_gpu_is_named_by_guides_about_it_and_by_those_that_bind_to_it():
    guides = guide("about", gpus=("a",)), guide("binds", text="{{ floor:a }}"), guide("not")
    known = catalogue(*guides, offer("a", "ash", 2))
    assert [link.path for link in prose.guides_naming(known, "a")] == ["/guides/about/", "/guides/binds/"]


def test_a_guide_states_a_providers_terms_and_leaves_out_what_nobody_has_confirmed_lately():
    text = "- {{ term:ash:egress }}\n- {{ term:ash:ingress }}\n- {{ term:ash:compute_stopped }}"
    terms = (term("ash", "egress", "0.09", "per GB"), term("ash", "ingress", 0, "per GB", is_current=False))
    found = prose.guide_text(catalogue(guide("egress", text=text), provider("ash"), *terms), "egress")
    assert found.text == "- $0.09 per GB"
    assert found.missing == ("term:ash:ingress", "term:ash:compute_stopped")
