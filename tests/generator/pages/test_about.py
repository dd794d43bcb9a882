from dataclasses import replace

from generator.catalogue.slices import SliceReader
from generator.model.jsonld import JsonLd
from generator.pages import about
from tests.generator.catalogues import SITE, catalogue, offer, provider


def words(*rows, **site):
    return about.PAGE_TYPE.page(SliceReader(catalogue(*rows)), JsonLd(replace(SITE, **site))).words


def test_it_says_how_much_is_compared_and_who_makes_it():
    found = words(offer("a", "ash", 2), provider("ash"))
    assert "1 offer of 1 GPU at 1 provider, each price" in found["answer"]
    assert found["made"].startswith("Acme operates it. Its [source code](https://code.example/x) is public")


def test_links_that_earn_a_commission_are_named():
    assert "No link on this site earns a commission" in words(offer("a", "ash", 2), provider("ash"))["paid"]
    found = words(offer("a", "ash", 2), provider("ash", affiliate_url="https://ash.example/?ref=1"))["paid"]
    assert "Links to [Ash](/provider/ash/) earn a commission" in found


def test_a_contact_is_an_address_or_a_mailbox():
    assert "(mailto:a@b.example)" in words(contact="a@b.example")["made"]
    assert "(https://b.example/x)" in words(contact="https://b.example/x")["made"]
    assert "Questions" not in words(contact="")["made"]
