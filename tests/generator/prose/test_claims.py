"""Claims: each predicate told by data, sentences that come and go with them, and tags that are wrong."""

import dataclasses
from decimal import Decimal

import pytest

from generator.errors import BrokenContent
from generator.prose import predicates
from generator.prose.bindings import problems, resolve
from generator.prose.bound import parse
from generator.prose.calls import Call
from generator.prose.figures import ABOUT, EXACT, ROUNDED, Figure, vouched
from tests.generator.prose.test_bindings import PCIE, SXM, UNSOLD, Lookup

CHEAP = dataclasses.replace(PCIE, floor=Decimal("2.00"), spot_floor=None, spot_ratio=None)
LOOKUP = Lookup(SXM, CHEAP, UNSOLD)
HOLDS = {
    "cheaper_than:h100-pcie:h100-sxm": True,
    "cheaper_than:h100-pcie:h100-sxm:19": True,
    "cheaper_than:h100-pcie:h100-sxm:20": False,
    "cheaper_than:h100-sxm:h100-pcie": False,
    "cheaper_than:h100-sxm:h100-nvl": None,
    "lowest_at:h100-sxm:nimbus": True,
    "lowest_at:h100-nvl:nimbus": None,
    "only_provider:h100-pcie:nimbus": True,
    "only_provider:h100-sxm:nimbus": False,
    "spec_above:memory_bandwidth_gbps:h100-sxm:h100-pcie": True,
    "spec_above:vram_gb:h100-sxm:h100-pcie": False,
    "spec_above:fp8_tflops:h100-sxm:h100-nvl": None,
    "providers_at_least:h100-sxm:14": True,
    "providers_at_least:h100-sxm:15": False,
    "in_stock_at_least:h100-sxm:3": True,
    "in_stock_at_least:h100-sxm:4": False,
    "spot_below:h100-sxm": True,
    "spot_below:h100-sxm:60": False,
    "spot_below:h100-pcie": None,
    "fell:h100-sxm:30": True,
    "rose:h100-sxm:30": False,
    "steady:h100-pcie:30": True,
    "fell:h100-sxm:7": None,
    "states:nimbus:egress": True,
    "states:nimbus:sla": False,
}


@pytest.mark.parametrize(("claim", "holds"), HOLDS.items())
def test_a_predicate_is_told_by_the_data(claim, holds):
    assert predicates.holds(Call(claim), LOOKUP, "text") is holds


def test_every_predicate_is_tested_above():
    assert {claim.split(":")[0] for claim in HOLDS} == set(predicates.PREDICATES)


def test_markets_that_the_same_sellers_tell_otherwise_are_not_cheaper():
    lookup = Lookup(SXM, CHEAP)
    lookup.price_ratio = lambda one, other: Decimal("1.1")
    assert predicates.holds(Call("cheaper_than:h100-pcie:h100-sxm"), lookup, "text") is False


def test_what_lasts_held_on_four_of_five_days():
    assert predicates.is_lasting(Call("cheaper_than:h100-sxm:h100-pcie"), LOOKUP) is True
    assert predicates.is_lasting(Call("cheaper_than:h100-pcie:h100-sxm"), LOOKUP) is False
    assert predicates.is_lasting(Call("states:nimbus:egress"), LOOKUP) is None


TRUE, FALSE = "cheaper_than:h100-pcie:h100-sxm", "cheaper_than:h100-sxm:h100-pcie"


def shown(text):
    return resolve(text, LOOKUP).text


def claim(source, said, otherwise=""):
    other = f"{{% else %}}{otherwise}" if otherwise else ""
    return f"{{% claim {source} %}}{said}{other}{{% endclaim %}}"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"One. {claim(TRUE, 'It holds.')} Two.", "One. It holds. Two."),
        (f"One. {claim(FALSE, 'It holds.')} Two.", "One. Two."),
        (f"One. {claim(FALSE, 'It holds.', 'It does not.')} Two.", "One. It does not. Two."),
        (f"One. {claim(TRUE, 'It holds.', 'It does not.')} Two.", "One. It holds. Two."),
        (f"One. {claim(FALSE, 'It holds. Still.')} Two.", "One. Two."),
        (f"One. {claim(FALSE, 'It holds.')}", "One."),
        (f"{claim(FALSE, 'It holds.')} Two.", "Two."),
        (f"One is {claim(FALSE, 'less')} than two. Two.", "Two."),
        (f"A.\n\n{claim(FALSE, 'It holds.')}\n\nB.", "A.\n\nB."),
        (f"- a\n- {claim(FALSE, 'It holds.')}\n- c", "- a\n- c"),
        (f"## H\n\n{claim(FALSE, 'It holds.')}\n\n## I\n\nB.", "## I\n\nB."),
        (f"| a |\n|---|\n| {claim(FALSE, 'x')} |\n| b |", "| a |\n|---|\n| b |"),
        (f"> {claim(FALSE, 'It holds.')}\n\nB.", "B."),
        (f"One. {claim(FALSE, 'It holds.')} That is much. Two.", "One. Two."),
        (f"At {claim(TRUE, '{{ floor:h100-nvl }} it holds.')} Two.", "Two."),
        (f"{claim(FALSE, '{{ floor:h100-nvl }}.', '{{ floor:h100-sxm }} it is.')}", "$2.49 it is."),
        (f"One. {claim('cheaper_than:h100-sxm:h100-nvl', 'It holds.', 'It does not.')} Two.", "One. Two."),
        (f"A.\n\n| {claim(FALSE, 'Less')} |\n|---|\n| x |\n\nB.", "A.\n\nB."),
        ("One costs {{ floor:h100-nvl }}. Two costs {{ floor:h100-sxm }}.", "Two costs $2.49."),
        ("One is e.g. {{ floor:h100-nvl }} cheap. Two.", "Two."),
        ("`{{ floor:h100-sxm` and \\{{ no }}. {{ floor:h100-sxm }}.", None),
    ],
)
def test_a_sentence_stays_while_its_claim_holds(text, left):
    if left is None:
        with pytest.raises(BrokenContent):
            shown(text)
    else:
        assert shown(text) == left


def test_what_does_not_hold_is_reported():
    assert resolve(claim(FALSE, "It holds.") + " A.", LOOKUP).false == (FALSE,)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{% claim nope:a %}A.{% endclaim %}", 'unknown claim "nope:a"; allowed are cheaper_than,'),
        ("{% claim fell:h100-sxm %}A.{% endclaim %}", "has 1 arguments; expected"),
        ("{% claim fell:h100-sxm:8 %}A.{% endclaim %}", '"8" is not <one of 7, 30, 90>'),
        (f"{{% claim {TRUE} %}}A.", "does not end in its paragraph"),
        (f"{{% claim {TRUE} %}}A.\n\nB.{{% endclaim %}}", "does not end in its paragraph"),
        (f"{claim(TRUE, claim(TRUE, 'A.'))}", "a claim within a claim"),
        ("A.{% endclaim %}", "no claim begins before this"),
        ("A.{% else %}", "no claim begins before this"),
        ("{% if a %}", "is not part of a binding"),
    ],
)
def test_wrong_tags_are_one_line(text, line):
    assert line in problems(text, "g.md")[0].message


def test_an_unknown_slug_in_a_claim_is_named():
    with pytest.raises(BrokenContent) as error:
        shown("{% claim lowest_at:h100-sxm:aether %}A.{% endclaim %}")
    assert 'text: claim "lowest_at:h100-sxm:aether": no provider has the slug "aether"' in error.value.message


@pytest.mark.parametrize(
    ("figure", "policy", "is_vouched"),
    [
        (Figure("$2.49", Decimal("2.4900")), ROUNDED, True),
        (Figure("$2.49", Decimal("2.4951")), ROUNDED, False),
        (Figure("$1,817.70", Decimal("1817.7")), ROUNDED, True),
        (Figure("−5.2%", Decimal("-0.0516"), scale=100), ROUNDED, True),
        (Figure("−5.2%", Decimal("-0.0526"), scale=100), ROUNDED, False),
        (Figure("80 GB", Decimal(80)), EXACT, True),
        (Figure("80 GB", Decimal(79)), EXACT, False),
        (Figure("about $3", Decimal("3.125")), ABOUT, True),
        (Figure("about $2", Decimal("2.49")), ABOUT, False),
        (Figure("Nimbus"), EXACT, True),
        (Figure("", None), EXACT, False),
        (Figure("two", Decimal(2)), ROUNDED, False),
    ],
)
def test_a_figure_is_shown_only_as_near_to_the_data_as_its_policy_asks(figure, policy, is_vouched):
    assert vouched(figure, policy) is is_vouched


def test_places_are_those_of_the_text():
    text = (
        "# A {{ as_of }}\n\n> * a\\* {{ floor:h100-sxm }}\n>   [b {{ gpu:h100-sxm }}](/gpu/) c\n\n"
        "| x | {{ as_of }} |\n|--|--|\n| `q` | r |"
    )
    document = parse(text)
    assert [text[one.start : one.end] for one in document.bindings] == [
        "{{ as_of }}",
        "{{ floor:h100-sxm }}",
        "{{ gpu:h100-sxm }}",
        "{{ as_of }}",
    ]
    runs = [run for block in document.root.all() for run in block.runs]
    assert [run.text for run in runs] == ["A ", "a* ", "\n", "b ", " c", "x", "q", "r"]
    assert all(text[run.start] == run.text[0] for run in runs)


def test_sentences_of_the_same_claim_twice_each_go():
    text = f"{claim(FALSE, 'A holds.')} B. {claim(FALSE, 'C holds.')} D."
    assert shown(text) == "B. D."
