from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from generator.desk.app.asked import Asked, Raw, Refusal
from generator.desk.app.sessions import Session

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
RAW = Raw("POST", "/approve/guides/spot", "", "127.0.0.1:8100", "http://127.0.0.1:8100", "same-origin", "", b"")


@pytest.mark.parametrize("host", ["127.0.0.1:8100", "localhost:9", "localhost", "[::1]:8100", "LOCALHOST:80"])
def test_the_desk_answers_to_its_own_names(host: str) -> None:
    replace(RAW, host=host).require_own_host()


@pytest.mark.parametrize(
    "host", ["", "evil.example", "127.0.0.1.evil.example", "10.0.0.1:8100", "localhost.evil.example:80", "[", "0.0.0.0"]
)
def test_the_desk_answers_to_no_other_name(host: str) -> None:
    with pytest.raises(Refusal) as refused:
        replace(RAW, host=host).require_own_host()
    assert refused.value.status == 421


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("https://evil.example", "cross-site"),
        ("null", "cross-site"),
        ("http://127.0.0.1:9000", "same-site"),
        ("", "cross-site"),
        ("", "none"),
        ("http://127.0.0.1:8100", "same-site"),
    ],
)
def test_a_form_from_another_page_is_refused(origin: str, site: str) -> None:
    with pytest.raises(Refusal, match="expected the desk's own page") as refused:
        replace(RAW, origin=origin, fetch_site=site).require_own_page()
    assert refused.value.status == 403


@pytest.mark.parametrize(("origin", "site"), [("http://127.0.0.1:8100", "same-origin"), ("", "")])
def test_a_form_of_the_desk_is_taken(origin: str, site: str) -> None:
    replace(RAW, origin=origin, fetch_site=site).require_own_page()


def test_a_form_with_too_many_fields_is_refused() -> None:
    with pytest.raises(Refusal, match="more than 500 fields"):
        replace(RAW, body=b"a=1&" * 600).form()


def asked(shown_at: datetime | None = NOW - timedelta(seconds=40), **form: str) -> Asked:
    session = Session("Ada", NOW, NOW)
    nothing: Any = None
    fields = {name: [value] for name, value in form.items()}
    return Asked("Ada", "reviewer", session, nothing, NOW, {}, {}, fields, shown_at)


@pytest.mark.parametrize(("stated", "seconds"), [("12", 12), ("4000", 40), ("", 40), ("-3", 40), ("x", 40), ("٣", 40)])
def test_nobody_reviews_longer_than_the_page_was_open(stated: str, seconds: int) -> None:
    assert asked(seconds=stated).seconds() == seconds


@pytest.mark.parametrize("stated", ["", "-1", "1.5", "x", "٣", "1" * 12])
def test_a_number_is_a_number(stated: str) -> None:
    with pytest.raises(Refusal, match="expected a number"):
        asked(number=stated).number("number")


def test_a_reviewer_may_what_an_editor_may_and_not_what_an_admin_may() -> None:
    assert [asked().may(role) for role in ("editor", "reviewer", "admin")] == [True, True, False]
