from generator.publishing.made import made_path, names, put_made
from generator.publishing.publish import publish
from tests.generator.publishing.sites import content, served, site
from tests.generator.publishing.test_publish import Watched


def put(bucket, *paths, files=None):
    files = files or site()
    put_made(bucket.destination, bucket.environment, {path: files[path] for path in paths})


def test_what_workers_have_put_is_copied_and_not_transferred(bucket):
    put(bucket, "gpu/a/index.html", "gpu/b/index.html")
    store = Watched(bucket.store())
    done = publish(store, content(site()), 3)
    assert (done.put, done.copied) == (5, 2)
    assert not {"gpu/a/index.html", "gpu/b/index.html"} & set(store.put_paths)
    there = served(bucket)
    assert there.pop("build.json")
    assert there == site()
    assert bucket.headers("gpu/a/index.html")["content-type"] == "text/html; charset=utf-8"
    assert names(bucket.store()) == []


def test_readers_see_nothing_of_it_before_the_publish(bucket):
    put(bucket, "gpu/a/index.html")
    assert served(bucket) == {}


def test_other_bytes_than_were_built_are_not_copied(bucket):
    put(bucket, "gpu/a/index.html", files=site(price=9))
    done = publish(bucket.store(), content(site()), 3)
    assert (done.put, done.copied) == (7, 0)
    assert bucket.get("gpu/a/index.html") == site()["gpu/a/index.html"]
    assert names(bucket.store()) == []


def test_a_damaged_copy_is_put_again(bucket):
    store, digest = bucket.store(), content(site()).files["gpu/a/index.html"]
    store.put(made_path(store, "gpu/a/index.html", digest), b"cut", "another")
    done = publish(store, content(site()), 3)
    assert (done.put, done.copied) == (7, 0)
    assert bucket.get("gpu/a/index.html") == site()["gpu/a/index.html"]


def test_after_a_publish_that_changes_nothing_it_stays_for_the_next(bucket):
    publish(bucket.store(), content(site()), 3)
    put(bucket, "gpu/a/index.html", files=site(price=2))
    publish(bucket.store(), content(site(), hours=1), 3)
    assert publish(bucket.store(), content(site(price=2), hours=2, generation="2" * 36), 3).copied == 1
