import pytest
from jinja2 import Environment, TemplateSyntaxError

from generator.errors import BuildError
from generator.live import problems
from generator.settings import ROOT
from generator.site import filters


def shown(error):
    answer = problems.answer(error)
    assert (answer.status, answer.headers["Content-Type"]) == (500, "text/html; charset=utf-8")
    return answer.body.decode()


def raised(work):
    with pytest.raises(Exception) as caught:  # noqa: PT011 (whatever it is)
        work()
    return caught.value


def test_error_in_a_template_names_the_file_and_marks_the_line():
    with pytest.raises(TemplateSyntaxError) as caught:
        Environment().parse("<p>\n{% if %}<script>", filename=str(ROOT / "templates/base.html"))
    page = shown(caught.value)
    assert "TemplateSyntaxError: Expected an expression" in page
    assert "templates/base.html:2" in page
    assert "\n&gt;    2 &lt;!doctype html&gt;" in page


def test_error_in_our_code_names_the_last_place_of_ours():
    page = shown(raised(lambda: filters.money("no amount")))
    assert "generator/formats.py:" in page
    assert "\n&gt;" in page


def test_syntax_error_names_its_own_place():
    error = raised(lambda: compile("def x(\n", str(ROOT / "generator/urls.py"), "exec"))
    assert "generator/urls.py:1" in shown(error)
    assert "SyntaxError: &#x27;(&#x27; was never closed" in shown(error)


def test_our_own_errors_say_all_themselves():
    assert shown(BuildError("nothing to\nshow <b>")).count("<pre>") == 1
    assert "<pre>nothing to show &lt;b&gt;</pre>" in shown(BuildError("nothing to\nshow <b>"))


def test_place_in_a_file_that_is_gone_has_no_excerpt():
    error = raised(lambda: compile("def x(\n", str(ROOT / "generator/gone.py"), "exec"))
    assert shown(error).count("<pre>") == 2


def test_error_outside_of_our_files_has_no_place():
    assert shown(ValueError("odd \ud800")).count("<pre>") == 1
