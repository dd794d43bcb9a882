import pytest

from generator.errors import BuildError
from generator.publishing.claim import PENDING, Claim, Pending
from generator.publishing.generations import read_mark
from generator.publishing.publish import look, publish
from generator.publishing.rollback import earlier
from generator.publishing.stores import Overtaken
from tests.generator.publishing.sites import ONE, THREE, TWO, content, pages_are_whole, served, site


class Watched:
    """A store that notes what is put and deleted; `before` is called first, and may raise."""

    def __init__(self, store, before=lambda what, path: None):
        self._store, self._before = store, before
        self.put_paths, self.deleted = [], []

    def __getattr__(self, name):
        return getattr(self._store, name)

    def put(self, path, data, digest):
        self._before("put", path)
        self.put_paths.append(path)
        self._store.put(path, data, digest)

    def put_if(self, path, data, etag):
        self._before("put_if", path)
        self.put_paths.append(path)
        return self._store.put_if(path, data, etag)

    def copy(self, path, to):
        self._before("copy", path)
        self._store.copy(path, to)

    def delete(self, paths):
        self._before("delete", paths)
        self.deleted += paths
        self._store.delete(paths)


def test_the_first_publish_puts_every_file_and_the_mark(place):
    done = publish(place.store(), content(site()), 3)
    there = served(place)
    mark = there.pop("build.json")
    assert there == site()
    assert (done.put, done.deleted, done.unchanged) == (7, 0, 0)
    assert done.put_bytes == sum(map(len, site().values()))
    assert ONE.encode() in mark


def test_a_second_publish_transfers_nothing(place):
    publish(place.store(), content(site()), 3)
    before, store = place.everything(), Watched(place.store())
    done = publish(store, content(site(), hours=1), 3)
    assert (done.put, done.deleted, done.unchanged) == (0, 0, 7)
    assert store.put_paths == store.deleted == []
    assert place.everything() == before


def test_only_changed_files_are_put_and_those_that_are_gone_removed(place):
    publish(place.store(), content(site(pages=("a", "b"))), 3)
    store = Watched(place.store())
    after = site(pages=("b", "c"))
    done = publish(store, content(after, TWO, 1), 3)
    assert [path for path in store.put_paths if not path.startswith(".publish/")] == [
        "gpu/c/index.html",
        "sitemaps/gpu.xml",
        "build.json",
    ]
    assert "gpu/a/index.html" in store.deleted
    assert (done.put, done.deleted, done.unchanged) == (2, 1, 5)
    there = served(place)
    assert there.pop("build.json")
    assert there == after


def test_assets_come_first_then_new_pages_changed_pages_sitemaps_the_mark_and_removals(place):
    publish(place.store(), content(site(pages=("a", "b"))), 3)
    order = []

    def note(what, path):
        if what != "copy":
            order.extend([path] if isinstance(path, str) else path)

    after = site("blue", ("b", "c"), 2)
    publish(Watched(place.store(), note), content(after, TWO, 1), 3)
    (style,) = [path for path in after if path.endswith(".css")]
    pages = [style, "gpu/c/index.html", "gpu/b/index.html"]
    steps = [*pages, "sitemaps/gpu.xml", "build.json", "gpu/a/index.html"]
    assert [path for path in order if path in steps] == steps


def test_a_page_in_a_cache_finds_its_style_sheet_while_its_generation_is_kept(place):
    files = [site(colour) for colour in ("red", "blue", "green")]
    styles = [next(path for path in one if path.endswith(".css")) for one in files]
    for number, (one, generation) in enumerate(zip(files, (ONE, TWO, THREE), strict=True)):
        publish(place.store(), content(one, generation, number), 2)
    assert [style in served(place) for style in styles] == [False, True, True]


def test_a_page_of_a_killed_publish_keeps_its_style_sheet_until_the_publish_after_the_next(place):
    publish(place.store(), content(site()), 1)
    never = site("blue")
    (style,) = [path for path in never if path.endswith(".css")]

    def fail(what, path):
        if path == "build.json":
            raise BuildError("killed")

    with pytest.raises(BuildError):
        publish(Watched(place.store(), fail), content(never, TWO, 1), 1)
    for number, is_there in ((3, True), (4, False)):
        publish(place.store(), content(site("green", price=number), str(number) * 36, number), 1)
        assert (style in served(place)) == is_there


def test_a_publish_that_fails_half_way_is_completed_by_the_next(place):
    publish(place.store(), content(site()), 3)
    after = site("blue", price=2)

    def fail(what, path):
        if (what, path) == ("put", "sitemaps/gpu.xml"):
            raise BuildError("no connection")

    with pytest.raises(BuildError, match="no connection"):
        publish(Watched(place.store(), fail), content(after, TWO, 1), 3)
    assert pages_are_whole(place.get) == 2
    store = Watched(place.store())
    done = publish(store, content(after, TWO, 1), 3)
    assert done.resumed >= 3  # of the last phase, whatever was put before it failed
    assert done.resumed + done.put == 5
    assert not [path for path in store.put_paths if path.endswith("index.html")]
    assert after.items() <= served(place).items()


def test_a_change_back_after_a_killed_publish_puts_the_old_files_again(place):
    old = site()
    publish(place.store(), content(old), 3)

    def fail(what, path):
        if path == "build.json":
            raise BuildError("killed")

    with pytest.raises(BuildError):
        publish(Watched(place.store(), fail), content(site("blue", ("a", "c"), 2), TWO, 1), 3)
    publish(place.store(), content(old, THREE, 2), 3)
    assert old.items() <= served(place).items()
    assert place.get("gpu/c/index.html") is None
    assert place.get(PENDING) is None


def test_of_two_publishers_the_one_whose_claim_was_taken_stops(place):
    publish(place.store(), content(site()), 3)
    winners = site("green", price=3)

    def overtake(what, path):
        if (what, path) == ("put", "gpu/b/index.html"):
            publish(place.store(), content(winners, THREE, 2), 3)

    with pytest.raises(Overtaken, match="another publish"):
        publish(Watched(place.store(), overtake), content(site("blue", price=2), TWO, 1), 3)
    assert read_mark(place.store()).current.generation == THREE
    publish(place.store(), content(winners, THREE, 2), 3)  # mends what the other one was just putting
    assert winners.items() <= served(place).items()
    assert place.get(PENDING) is None


def test_the_mark_is_put_only_over_the_one_that_was_read(place):
    publish(place.store(), content(site()), 3)
    mark = read_mark(place.store())
    place.store().put_if("build.json", b"{}", mark.etag)
    with pytest.raises(Overtaken, match=r"build\.json: another publish changed it meanwhile; this one stops"):
        place.store().put_if("build.json", b"[]", mark.etag)
    with pytest.raises(Overtaken):
        place.store().put_if("build.json", b"[]", None)
    assert place.get("build.json") == b"{}"


def test_a_claim_that_was_taken_over_is_noticed(place):
    place.store().put(".publish/x", b"", "")
    first, second = Claim(place.store()), Claim(place.store())
    first.note(Pending())
    with pytest.raises(Overtaken):
        second.note(Pending())
    third = Claim(place.store())
    third.note(Pending())
    with pytest.raises(Overtaken, match="another publish has begun there; this one stops"):
        first.check()


def test_a_rollback_brings_back_the_generation_before(place):
    old, new = site(), site("blue", ("b", "c"), 2)
    publish(place.store(), content(old), 3)
    publish(place.store(), content(new, TWO, 1), 3)
    publish(place.store(), earlier(place.store(), ""), 3)
    assert old.items() <= served(place).items()
    assert place.get("gpu/c/index.html") is None
    publish(place.store(), earlier(place.store(), TWO[:8]), 3)
    assert new.items() <= served(place).items()
    mark = read_mark(place.store())
    assert [one.generation for one in mark.all] == [TWO, ONE]


def test_a_rollback_after_a_killed_publish_brings_back_the_bytes_of_then(place):
    old, new = site(), site("blue", price=2)
    publish(place.store(), content(old), 3)
    publish(place.store(), content(new, TWO, 1), 3)

    def fail(what, path):
        if path == "build.json":
            raise BuildError("killed")

    for price in (3, 4):
        with pytest.raises(BuildError):
            publish(Watched(place.store(), fail), content(site("green", price=price), THREE, 2), 3)
    publish(place.store(), earlier(place.store(), ""), 3)
    assert old.items() <= served(place).items()
    publish(place.store(), earlier(place.store(), ""), 3)
    assert new.items() <= served(place).items()


def test_no_more_generations_are_kept_than_asked_for_and_nothing_of_the_others(place):
    for number in range(1, 6):
        publish(place.store(), content(site(price=number), str(number) * 36, number), 2)
    assert [one.generation[0] for one in read_mark(place.store()).all] == ["5", "4"]
    hidden = [path for path in place.everything() if path.startswith(".publish/") and "/lock" not in path]
    assert sorted(path.rpartition("/")[0] for path in hidden) == [".publish/kept"] * 3 + [".publish/lists"] * 2
    with pytest.raises(BuildError, match=r"generation '333' is not kept; kept beside the present one: 44444444"):
        earlier(place.store(), "333")


def test_a_look_says_what_would_be_done_and_does_nothing(place):
    publish(place.store(), content(site()), 3)
    before = place.everything()
    seen = look(place.store(), content(site("blue", ("b", "c"), 2), TWO, 1))
    assert (seen.put, seen.deleted, seen.unchanged, seen.is_dry_run) == (5, 1, 2, True)
    assert place.everything() == before


def test_a_site_that_no_publish_put_there_is_left_alone(place):
    place.store().put("index.html", b"somebody's", "")
    with pytest.raises(BuildError, match=r"holds a site \(index\.html\) that publish did not put there"):
        publish(place.store(), content(site()), 3)
    assert served(place) == {"index.html": b"somebody's"}


def test_a_mark_that_cannot_be_read_is_named(place):
    place.store().put("build.json", b"not ours", "")
    with pytest.raises(BuildError, match=r"build\.json: can't be read"):
        publish(place.store(), content(site()), 3)


def test_search_engines_are_told_of_new_changed_and_gone_addresses_once_these_are_published(place):
    publish(place.store(), content(site(pages=("a", "b", "c"))), 3)
    after = site(pages=("b", "c", "d"))
    after["sitemaps/gpu.xml"] = after["sitemaps/gpu.xml"].replace(
        b"gpu/c/</loc><lastmod>2026-03-01", b"gpu/c/</loc><lastmod>2026-03-09"
    )
    told = []

    def send(addresses):
        told.append((list(addresses), read_mark(place.store()).current.generation))
        return [], ""

    done = publish(place.store(), content(after, TWO, 1), 3, send)
    expected = [f"https://gpus.example/gpu/{slug}/" for slug in ("a", "c", "d")]
    assert told == [(expected, TWO)]
    assert done.sent == expected
    assert publish(place.store(), content(after, TWO, 1), 3, send).sent == []
    assert len(told) == 1


def test_addresses_that_could_not_be_sent_are_sent_next_time(place):
    publish(place.store(), content(site()), 3)
    done = publish(place.store(), content(site(price=2), TWO, 1), 3, lambda addresses: (list(addresses), "status 429"))
    assert (len(done.unsent), done.problem) == (2, "status 429")
    done = publish(place.store(), content(site(price=2), TWO, 1), 3, lambda addresses: ([], ""))
    assert (done.put, len(done.sent)) == (0, 2)
    assert publish(place.store(), content(site(price=2), TWO, 1), 3, lambda addresses: ([], "")).sent == []


def test_addresses_are_sent_by_the_next_publish_where_one_was_killed_after_its_mark(place):
    publish(place.store(), content(site()), 3)

    def killed(addresses):
        raise BuildError("killed")

    with pytest.raises(BuildError):
        publish(place.store(), content(site(price=2), TWO, 1), 3, killed)
    done = publish(place.store(), content(site(price=2), TWO, 1), 3, lambda addresses: ([], ""))
    assert (done.put, len(done.sent)) == (0, 2)
