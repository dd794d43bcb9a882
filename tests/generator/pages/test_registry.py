import pkgutil

import pytest

import generator.pages
from generator.pages.registry import page_types
from generator.settings import ROOT
from generator.site.page_formats import FORMATS


def test_page_types_are_the_modules_that_have_one():
    modules = {info.name for info in pkgutil.iter_modules(generator.pages.__path__)}
    assert {kind.name for kind in page_types()} == modules - {"cards", "figures", "registry", "reviewed_words"}


@pytest.mark.parametrize("kind", page_types(), ids=lambda kind: kind.name)
def test_a_page_type_has_a_template_known_formats_and_rules_of_one_code_each(kind):
    assert (ROOT / "templates" / f"{kind.name}.html").is_file() == kind.has_html
    assert set(kind.formats) <= FORMATS.keys()
    codes = [rule.code for rule in kind.rules]
    assert len(codes) == len(set(codes))
    assert all(rule.words for rule in kind.rules)
