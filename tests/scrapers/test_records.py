import pytest

from scrapers.offer import Unreadable
from scrapers.records import record, records


def test_defaults_replace_absent_or_null_fields_but_not_wrong_ones() -> None:
    fields = record({"a": None, "b": "", "c": {"d": "x"}, "e": "yes"})
    assert (fields.text("a", None), fields.text("z", "-"), fields.text("b", None)) == (None, "-", None)
    assert (fields.records("a", []), fields.record("z", {}).names()) == ([], ())
    with pytest.raises(Unreadable, match=r'"c\.d" is "x", not a number'):
        fields.record("c").number("d", None)
    with pytest.raises(Unreadable, match='"e" is "yes", not true or false'):
        fields.flag("e", None)


def test_a_list_is_read_object_by_object() -> None:
    good, bad = records([{"a": 1}, 5])
    assert good.count("a") == 1
    with pytest.raises(Unreadable, match="5 in place of an object"):
        bad.count("a")
