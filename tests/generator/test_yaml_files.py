import pytest

from generator.yaml_files import BrokenYaml, load


def test_plain_yaml_is_read():
    assert load("a: 1\nb: [x, {c: yes}]\nd: |\n  two\n  lines\n") == {
        "a": 1,
        "b": ["x", {"c": True}],
        "d": "two\nlines\n",
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[" * 100_000, "line 1: more than 8 levels; expected fewer"),
        ("- " * 100_000, "line 1: more than 8 levels; expected fewer"),
        ("{a: " * 100_000, "line 1: more than 8 levels; expected fewer"),
        ("? " * 100_000, "line 1: more than 8 levels; expected fewer"),
        ("a: 1\nb: &x [1]\nc: *x", 'line 2: found the anchor or alias "x"; expected the value itself'),
        ("a: !!int ''", 'line 1: found the tag "tag:yaml.org,2002:int"; expected a plain value'),
        ("a: !!python/object/apply:os.system [ls]", "line 1: found the tag"),
        ("a: 1\nb: 2\na: 3", 'line 3: "a" is there twice; it must be unique'),
        ("? [a, b]\n: c", "line 1: expected a plain name before the colon"),
        ("<<: 1", "line 1: expected a mapping or list of mappings for merging"),
        ("a: 2026-13-01", "month must be in 1..12"),
        ("a: " + "9" * 10_000, "Exceeds the limit"),
        ("a: 1\n---\nb: 2", "line 2: but found another document"),
        ('a: 1\nb: "x\\0"', "line 2: U+0000, a control character; take it out"),
        ("a: [", "line 2: did not find expected node content"),
        ("a: \udcff", "surrogates not allowed"),
    ],
)  # fmt: skip
def test_what_is_not_plain_yaml_is_a_line(text, problem):
    with pytest.raises(BrokenYaml) as found:
        load(text)
    assert problem in str(found.value)
    assert len(str(found.value).splitlines()) == 1
