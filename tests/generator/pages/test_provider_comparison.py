from hypothesis import given, settings
from hypothesis import strategies as st

from generator.catalogue.slices import SliceReader
from generator.pages import provider_comparison
from tests.generator.catalogues import LD, catalogue, comparable, offer, provider, term

NAMES = st.text(min_size=1, max_size=255).filter(str.strip)
BOTH = [offer(slug, name, price) for slug in "xyz" for name, price in (("ash", 2), ("elm", 3))]


def page(*rows):
    return provider_comparison.PAGE_TYPE.page(SliceReader(catalogue(*rows)), LD, "ash", "elm")


def test_shared_gpus_and_those_of_one_side_are_told_apart():
    body = page(*BOTH, offer("w", "ash", 1), offer("v", "elm", None, 1)).body
    assert {(one.a, one.b, one.cheaper) for one in body.shared} == {(2, 3, "a")}
    assert [one.subject.text for one in body.shared] == ["x", "y", "z"]
    assert ([link.text for link in body.only_a], body.only_b) == (["w"], ())
    assert body.chart


def test_the_answer_counts_the_shared_gpus():
    assert (
        page(*BOTH).words["answer"]
        == "Ash is cheaper for all of the 3 GPUs that both rent out on demand in machines of the same size."
    )


def keys(*rows):
    return list(provider_comparison.keys(catalogue(*rows)))


def test_there_is_a_page_when_five_terms_are_known_of_both():
    assert keys(*comparable("ash", "elm"), *BOTH) == [("ash", "elm")]
    assert keys(*comparable("ash"), *BOTH) == []
    assert page(*comparable("ash", "elm"), *BOTH).gate.state == "indexable"


def test_neither_is_cheaper_where_the_numbers_of_gpus_differ():
    nodes = [offer("z", "ash", 16, gpu_count=8), offer("z", "elm", 3)]
    rows = page(*BOTH[:4], *nodes).body.shared
    assert {(row.subject.text, row.a_count, row.b_count, row.cheaper) for row in rows} == {
        ("x", 1, 1, "a"), ("y", 1, 1, "a"), ("z", 8, 1, ""),
    }  # fmt: skip


def test_terms_stand_side_by_side_and_count_for_the_gate():
    fields = ("billing_step", "minimum_rental")
    rows = [term(name, field, 60, "seconds") for name in ("ash", "elm") for field in fields]
    rows += [term(name, "egress", 0, "per GB") for name in ("ash", "elm")]
    rows += [term(name, "compute_stopped", word="billed") for name in ("ash", "elm")]
    assert keys(*rows, *BOTH) == []
    rows += [term("ash", "ingress", 0, "per GB"), term("elm", "public_ip", 1, "per month")]
    assert keys(*rows, *BOTH) == [("ash", "elm")]
    facts = {fact.label: (fact.a, fact.b) for fact in page(*rows, *BOTH).body.facts}
    assert facts["Billing step"] == ("Per minute", "Per minute")
    assert facts["Public address"] == ("Not known", "$1.00 per month")


def test_what_holds_for_a_special_case_only_is_not_set_side_by_side():
    made = page(term("ash", "egress", 0, "per GB", qualifier="Asia"), *BOTH)
    assert "Traffic out" not in {fact.label for fact in made.body.facts}


def test_an_unknown_fact_of_one_side_is_said_to_be_unknown_and_a_known_one_has_its_source():
    made = page(term("ash", "sla_uptime", "99.90", "percent"), term("elm", "sla_uptime", word="not stated"), *BOTH)
    (sla,) = (fact for fact in made.body.facts if fact.label == "Uptime in the SLA")
    assert (sla.a, sla.a_url, sla.b, sla.b_url) == ("99.9%", "https://terms.example/x", "Not known", None)


def test_different_kinds_of_provider_are_warned_of():
    assert page(*BOTH).body.warning == ""
    assert "“GPU cloud”, Elm as “Marketplace”" in page(provider("elm", provider_type="marketplace"), *BOTH).body.warning


@settings(max_examples=40, deadline=None)
@given(NAMES, NAMES)
def test_title_and_description_fit_whatever_the_names(one, other):
    made = page(provider("ash", display_name=one), provider("elm", display_name=other), *BOTH)
    assert 0 < len(made.title) <= 60
    assert 0 < len(made.description) <= 155
