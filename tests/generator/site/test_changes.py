"""What a build looks at again."""

import pytest

from generator.catalogue.gather import Snapshot, gather
from generator.site import built_pages, changes
from generator.site.links import with_anchors
from generator.site.render import Renderer
from tests.generator.catalogues import SITE
from tests.sql import samples

pytestmark = pytest.mark.postgres


@pytest.fixture
def since(shop, connection):
    """The changes since the first build, once a statement was executed or slices have moved."""
    shop(0)

    def found(statement="", moved=(), new_code=(), is_there=None):
        if statement:
            connection.execute(statement)
        last = built_pages.last_build(connection)
        connection.execute("select settle_slices(%s)", [last.as_of])
        connection.commit()
        catalogue = with_anchors(gather(Snapshot(connection), last.as_of, [], ""), Renderer(SITE))
        names = changes.moved_since(connection, last.revision) | set(moved)
        found = changes.since_last_build(connection, catalogue, names, new_code, is_there)
        connection.commit()
        return found

    return found


def test_nothing_moved_is_nothing_to_look_at(since):
    found = since()
    assert (found.pages, found.gone, found.notes, found.listed_anew) == ({}, {}, {}, set())


def test_a_moved_slice_leads_to_its_readers(since):
    assert set(since(moved={"trends:a"}).pages) == {"/gpu/a/"}


def test_an_aggregate_that_comes_out_as_it_was_is_where_it_ends(since):
    found = since(moved={"sellers"})
    assert {"pairs.gpu_pairs", "pairs.provider_pairs"} <= set(found.notes)
    assert found.pages == {}


def test_an_aggregate_that_moved_leads_on_to_its_readers(since):
    found = since("update gpu_models set short_name = 'Other' where slug = 'a'")
    assert {"/", "/gpu/", "/gpu/a/", "/provider/ash/"} <= set(found.pages)
    assert not {"/methodology/", "/gpu/c/"} & set(found.pages)


def test_a_new_gpu_or_provider_is_a_new_page_and_one_that_is_retired_is_gone(since, connection):
    samples.add_provider(connection, "fir")
    found = since("update gpu_models set is_active = false where slug = 'b'")
    assert found.pages["/provider/fir/"].before is None
    assert set(found.gone) == {"/gpu/b/", "/changes/gpu/b/"}
    assert "/gpu/b/" not in found.pages
    assert {"gpu_detail", "provider_detail"} <= found.listed_anew


def test_new_code_is_every_page_of_its_type_and_none_may_stay(since):
    found = since(moved={"trends:a"}, new_code={"provider_detail"})
    assert {path: one.may_stay for path, one in found.pages.items()} == {
        "/gpu/a/": True, "/provider/ash/": False, "/provider/elm/": False
    }  # fmt: skip


def test_a_page_type_that_is_no_more_takes_its_pages_along(since, connection):
    connection.execute("update built_pages set page_type = 'old' where path = '/methodology/'")
    found = since(new_code={"old"})
    assert set(found.gone) == {"/methodology/"}


def test_a_page_whose_files_are_not_there_is_made_again(since):
    found = since(is_there=lambda record: record.path != "/gpu/a/")
    assert {path: one.may_stay for path, one in found.pages.items()} == {"/gpu/a/": False}


def test_everything_is_all_pages_and_those_that_are_gone(shop, connection):
    shop(0)
    connection.execute("update gpu_models set is_active = false where slug = 'b'")
    connection.commit()
    catalogue = gather(Snapshot(connection), samples.START, [], "")
    found = changes.everything(connection, catalogue, may_stay=True)
    assert set(found.gone) == {"/gpu/b/", "/changes/gpu/b/", "/api/v1/history/ash/b.json"}
    assert set(found.pages) == set(built_pages.records(connection)) - set(found.gone)
    assert all(one.may_stay for one in found.pages.values())
