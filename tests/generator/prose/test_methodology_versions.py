from datetime import date

import pytest

from generator.errors import BrokenContent
from generator.prose import methodology_versions, reviewed
from generator.site import site_catalogue

DAY = date(2026, 3, 1)


def test_versions_are_numbered_in_the_order_of_their_publication(tmp_path):
    folder = tmp_path / "methodology"
    assert methodology_versions.read(folder) == ()
    for number in (1, 2, 3):
        assert methodology_versions.publish(folder, f"## How\n\nIn way {number}.\n", DAY).number == number
    assert [one.text for one in methodology_versions.read(folder)] == [f"## How\n\nIn way {n}." for n in (1, 2, 3)]


def test_a_version_whose_text_has_changed_since_is_refused(tmp_path):
    methodology_versions.publish(tmp_path, "As it is.", DAY)
    (tmp_path / "v1.md").write_text((tmp_path / "v1.md").read_text().replace("As it is", "As it was"))
    with pytest.raises(BrokenContent, match=r"v1\.md: its text has changed since it was published on 2026-03-01"):
        methodology_versions.read(tmp_path)


@pytest.mark.parametrize(("text", "problem"), [("As it is.", "version 1 already"), ("Now {{ as_of }}.", "a binding")])
def test_a_text_is_published_once_and_holds_nothing_that_changes(tmp_path, text, problem):
    methodology_versions.publish(tmp_path, "As it is.", DAY)
    with pytest.raises(BrokenContent, match=problem):
        methodology_versions.publish(tmp_path, text, DAY)


@pytest.mark.parametrize(("name", "front"), [("second", "published_on: 2026-03-01"), ("v2", "published_on: soon")])
def test_a_file_without_a_number_or_a_day_is_refused(tmp_path, name, front):
    (tmp_path / f"{name}.md").write_text(f"---\n{front}\n---\n\nText.\n")
    with pytest.raises(BrokenContent, match=r"expected a name such as v2\.md, and a day"):
        methodology_versions.read(tmp_path)


def test_the_methodology_in_force_is_the_newest_version_and_none_has_changed():
    newest = methodology_versions.read(site_catalogue.CONTENT / "methodology")[-1]
    assert newest.text == reviewed.document(site_catalogue.CONTENT / "methodology.md").strip()
