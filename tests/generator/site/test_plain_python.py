from types import SimpleNamespace

import pytest
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from generator.site.plain_python import PlainPython

HOSTILE = "<b>\"'&"
CALLS = (
    "{% macro said(a, b=2, c='') %}<i>{{ a }}{{ b }}{{ c }}</i>{% endmacro %}"
    "{{ said(x) }} {{ said(x, c=x) }} {{ said(b=x, a=1) }} {{ said(1, 2, 3) }}"
)
SHOWN = "{{ x }} {{ x|upper }} {{ m }} {{ x ~ m }} {{ 1 }} {{ none }} {{ true }} {{ 1.0 }} {{ [x] }}"
KEYS = "{{ {'a': x}['a'] }} {{ [1, x][1:] }} {{ (1, x)[1] }}"
CHOICES = "{{ ' main' if x }}{{ ' main' if not x }}|{{ x if y else m }}|{% set z %}<u>{{ x }}</u>{% endset %}{{ z }}"


def shown(source: str, kind: type[Environment] = PlainPython, **values: object) -> str:
    return kind(autoescape=True).from_string(source).render(x=HOSTILE, m=Markup("<u>"), y=False, **values)


@pytest.mark.parametrize("source", [CALLS, SHOWN, KEYS, CHOICES])
def test_template_shows_what_jinja_shows(source):
    assert shown(source) == shown(source, Environment)
    assert "<b>" not in shown(source)


def test_same_text_is_escaped_each_time_and_markup_of_the_same_letters_never():
    assert shown("{{ x }}{{ x }}{{ m }}{{ '<u>' ~ '' }}") == "&lt;b&gt;&#34;&#39;&amp;" * 2 + "<u>&lt;u&gt;"


def test_attribute_that_is_missing_is_an_error_and_a_key_is_none():
    with pytest.raises(AttributeError):
        shown("{{ o.b }}", o=SimpleNamespace(a=1))
    with pytest.raises(AttributeError):
        shown("{{ o.a }}", o={"a": 1})


def test_macro_refuses_an_argument_that_it_has_not():
    with pytest.raises(TypeError, match="d"):
        shown("{% macro said(a) %}{% endmacro %}{{ said(1, d=2) }}")


def test_name_that_nothing_has_is_an_error():
    with pytest.raises(UndefinedError):
        shown("{{ unknown.a }}")
