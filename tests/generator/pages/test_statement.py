from dataclasses import replace

from generator.catalogue.slices import SliceReader
from generator.model.jsonld import JsonLd
from generator.model.page import Statement
from generator.pages import statement
from generator.pages.registry import page_keys
from generator.site import site_catalogue
from tests.generator.catalogues import SITE, catalogue

STATED = replace(SITE, statements=(Statement("imprint", "Imprint", ("Acme", "1 Road")),))


def test_there_is_a_page_for_each_statement_and_for_no_other():
    assert page_keys(catalogue(), "statement") == ()
    assert page_keys(site_catalogue.stating(catalogue(), STATED), "statement") == (("imprint",),)


def test_a_statement_says_what_the_settings_say_and_no_more():
    made = statement.PAGE_TYPE.page(SliceReader(catalogue()), JsonLd(STATED), "imprint")
    assert (made.path, made.title, made.words) == ("/imprint/", "Imprint", {})
    assert made.body.paragraphs == ("Acme", "1 Road")
