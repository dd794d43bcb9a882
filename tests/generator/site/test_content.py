from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from generator.errors import BrokenContent, BuildError
from generator.prose import methodology_versions
from generator.prose.texts import Citation, Guide
from generator.site import content

pytestmark = pytest.mark.postgres
AT = datetime(2026, 3, 1, tzinfo=UTC)
SOURCES = (Citation("A", "https://a.example/"), Citation("B", "https://b.example/"))
DRAFT = Guide(
    "nodes", "Nodes", "On nodes.", "Nodes are many.", "CloudGPUs", date(2026, 2, 1), SOURCES, "# Nodes\n\nOld."
)


def approved(guide):
    return replace(guide, reviewed_by="Jo Doe", reviewed_on=date(2026, 2, 2), reviewed_hash=guide.hash)


def off(connection, slug="guides/nodes"):
    content.unpublish(connection, slug, actor="jo", at=AT, comment="Out of date.")


def state(connection, slug="guides/nodes"):
    row = content.row(connection, slug)
    return row.is_published, row.content_markdown


def test_an_approved_guide_goes_live_as_it_is_imported(connection):
    content.import_texts(connection, [approved(DRAFT)], AT)
    assert content.published_texts(connection) == (approved(DRAFT),)
    assert content.row(connection, "guides/nodes").published_at == AT


def test_a_draft_is_kept_and_not_live(connection):
    content.import_texts(connection, [DRAFT], AT)
    assert content.published_texts(connection) == ()
    assert state(connection) == (False, DRAFT.text)


def test_an_edited_guide_is_a_draft_while_the_approved_text_stays_live(connection):
    content.import_texts(connection, [approved(DRAFT)], AT)
    edited = replace(approved(DRAFT), text="# Nodes\n\nNew.")
    content.import_texts(connection, [edited], AT)
    assert content.published_texts(connection) == (approved(DRAFT),)
    content.import_texts(connection, [approved(edited)], AT)
    assert content.published_texts(connection) == (approved(edited),)


def test_a_second_import_changes_no_row(connection):
    guides = [approved(DRAFT), replace(DRAFT, slug="other")]
    content.import_texts(connection, guides, AT)
    before = connection.execute("select slug, xmin, updated_at from content_pages order by 1").fetchall()
    content.import_texts(connection, guides, AT.replace(year=2027))
    assert connection.execute("select slug, xmin, updated_at from content_pages order by 1").fetchall() == before


def test_a_command_publishes_a_draft_and_the_next_import_leaves_it_live(connection):
    content.import_texts(connection, [DRAFT], AT)
    content.publish(connection, DRAFT, "Jo Doe", date(2026, 2, 2), AT)
    content.import_texts(connection, [DRAFT], AT)
    (live,) = content.published_texts(connection)
    assert (live.text, live.reviewed_by, live.is_approved) == (DRAFT.text, "Jo Doe", True)


def test_a_guide_taken_off_the_site_stays_off(connection):
    content.import_texts(connection, [approved(DRAFT)], AT)
    off(connection)
    content.import_texts(connection, [approved(DRAFT)], AT)
    assert content.published_texts(connection) == ()


def test_a_guide_taken_off_the_site_returns_with_a_new_text_or_by_a_command(connection):
    content.import_texts(connection, [approved(DRAFT)], AT)
    off(connection)
    content.publish(connection, DRAFT, "Jo Doe", date(2026, 2, 2), AT)
    assert len(content.published_texts(connection)) == 1
    off(connection)
    content.import_texts(connection, [approved(replace(DRAFT, text="# Nodes\n\nNew."))], AT)
    assert len(content.published_texts(connection)) == 1


def test_an_unknown_page_is_named(connection):
    with pytest.raises(BuildError, match=r'content: no page has the slug "nowhere"; see build.py content list'):
        content.row(connection, "nowhere")
    with pytest.raises(BuildError, match=r'content: no published page has the slug "guides/nowhere"'):
        off(connection, "guides/nowhere")


def test_states_are_of_a_page_type(connection):
    content.import_texts(connection, [DRAFT], AT)
    assert [(one.slug, one.written_by, one.is_published) for one in content.statuses(connection, "guide")] == [
        ("guides/nodes", "human", False)
    ]
    assert content.statuses(connection, "gpu") == []


@pytest.mark.parametrize("stored", [None, [1], "x", 5])
def test_front_matter_that_is_no_mapping_is_a_guide_that_can_t_be_read(stored: object) -> None:
    row = content.StoredText("guides/a", "guide", "A", "About a", "Text", stored, is_published=True)
    with pytest.raises(BrokenContent, match="content unpublish a"):
        content._text(row)


def test_the_newest_version_of_the_methodology_stays_until_the_next_is_published(made, content, tmp_path):
    methodology_versions.publish(content / "methodology", "As it is.", date(2026, 3, 1))
    made()
    (content / "methodology.md").write_text("As it will be.")
    (problem,) = [one for one in made().problems if "methodology" in one]
    assert problem.endswith("is not version 1, which stays on the site; expected build.py content version")
    page = tmp_path / "site" / "methodology" / "index.html"
    assert "As it is." in page.read_text("utf-8")
    assert "/prices/methodology/v1/" in (tmp_path / "site" / "gpu" / "index.html").read_text("utf-8")
    methodology_versions.publish(content / "methodology", "As it will be.", date(2026, 3, 2))
    assert made().problems == ()
    assert "As it will be." in page.read_text("utf-8")
    assert "/prices/methodology/v2/" in (tmp_path / "site" / "gpu" / "index.html").read_text("utf-8")
    assert "As it is." in (tmp_path / "site" / "methodology" / "v1" / "index.html").read_text("utf-8")
