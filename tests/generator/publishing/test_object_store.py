import itertools
import signal
import socket
import threading
from contextlib import suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest

from generator.errors import BuildError
from generator.publishing.object_store import ObjectStore
from generator.publishing.publish import publish
from tests.generator.publishing.sites import S3Place, content, served, site
from tests.generator.publishing.test_publish_killed import started

KEYS = {"AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "kept-secret"}


def test_files_are_served_as_their_type_and_kept_by_caches_as_long_as_they_stay_true(bucket):
    publish(bucket.store(), content(site()), 3)
    (style,) = [path for path in site() if path.endswith(".css")]
    served_as = {
        path: (headers["content-type"], headers["cache-control"], headers.get("content-encoding"))
        for path in (style, "gpu/a/index.html", "robots.txt", "_headers", "sitemaps/gpu.xml", "build.json")
        for headers in [bucket.headers(path)]
    }
    shortly = "public, max-age=300, must-revalidate"
    assert served_as == {
        style: ("text/css; charset=utf-8", "public, max-age=31536000, immutable", None),
        "gpu/a/index.html": ("text/html; charset=utf-8", shortly, None),
        "robots.txt": ("text/plain; charset=utf-8", shortly, None),
        "_headers": ("text/plain; charset=utf-8", shortly, None),
        "sitemaps/gpu.xml": ("application/xml; charset=utf-8", shortly, None),
        "build.json": ("application/json; charset=utf-8", "no-cache", None),
    }


def test_files_are_put_again_when_the_rules_for_their_headers_change(bucket, monkeypatch):
    publish(bucket.store(), content(site()), 3)
    monkeypatch.setattr(ObjectStore, "served", "other rules")
    done = publish(bucket.store(), content(site()), 3)
    assert (done.put, done.unchanged) == (len(site()), 0)
    assert publish(bucket.store(), content(site()), 3).put == 0


@pytest.mark.parametrize(
    ("destination", "environment", "said"),
    [
        ("ftp://bucket/www", KEYS, r"destination 'ftp://bucket/www': expected a folder, or an address such as s3://"),
        ("s3://Bucket_1/www", KEYS, r"destination 's3://Bucket_1/www': expected"),
        ("s3://AKIATEST:kept-secret@gpus/www", {}, r"^destination: expected a folder, or"),
        ("s3://gpus/www", {**KEYS, "AWS_ENDPOINT_URL": "http://store.example"}, "AWS_ENDPOINT_URL: expected https://"),
        ("s3://gpus/www", {**KEYS, "AWS_SECRET_ACCESS_KEY": ""}, "s3://gpus/www: Missing SecretAccessKey; check"),
    ],
)
def test_a_destination_that_cannot_be_one_is_named_without_its_keys(destination, environment, said):
    with pytest.raises(BuildError, match=said) as raised:
        ObjectStore(destination, environment)
    assert "AKIATEST" not in str(raised.value)


def test_a_bucket_that_is_not_there_is_one_line_without_keys(endpoint):
    store = ObjectStore("s3://missing/www", {**KEYS, "AWS_ENDPOINT_URL": endpoint})
    with pytest.raises(BuildError, match=r"^s3://missing/www: 404 Not Found \(NoSuchBucket\); check") as raised:
        publish(store, content(site()), 3)
    assert "kept-secret" not in str(raised.value)


class Way(ThreadingTCPServer):
    """A way to a server on which some connections are cut, and others hang; the rest is passed on byte for byte."""

    daemon_threads = True

    def __init__(self, endpoint, is_cut=lambda asked: False, hangs=lambda asked: False):
        super().__init__(("127.0.0.1", 0), _Passing)
        host, port = endpoint.removeprefix("http://").split(":")
        self.there, self.is_cut, self.hangs = (host, int(port)), is_cut, hangs
        self.hung, self.closing = threading.Event(), threading.Event()
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.closing.set()
        self.shutdown()
        self.server_close()


class _Passing(StreamRequestHandler):
    def handle(self):
        asked = self.connection.recv(1 << 12, socket.MSG_PEEK)
        if self.server.is_cut(asked):
            return
        if self.server.hangs(asked):
            self.server.hung.set()
            self.server.closing.wait()
            return
        with socket.create_connection(self.server.there) as there:
            up = threading.Thread(target=_copy, args=(self.connection, there))
            up.start()
            _copy(there, self.connection)
            up.join()


def _copy(source, target):
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def test_a_connection_that_is_cut_is_tried_again(bucket, endpoint):
    asked = itertools.count(1)
    way = Way(endpoint, is_cut=lambda _: next(asked) % 5 == 0)
    environment = {**bucket.environment, "AWS_ENDPOINT_URL": way.address}
    done = publish(ObjectStore(bucket.destination, environment), content(site()), 3)
    way.close()
    assert done.put == len(site())
    assert site().items() <= served(bucket).items()


def interrupted(endpoint, bucket, hangs):
    """The exit status of a publish that is told to end once the server no longer answers."""
    way = Way(endpoint, hangs=hangs)
    place = S3Place(endpoint, bucket)
    place.environment["AWS_ENDPOINT_URL"] = way.address
    process = started(0, place)
    assert way.hung.wait(60)
    process.send_signal(signal.SIGINT)
    try:
        return process.wait(25)  # a request that hangs is given up after 30 seconds
    finally:
        process.kill()
        process.communicate()
        way.close()


@pytest.mark.parametrize("part", [b"build.json", b"PUT /interrupted/www/gpu/"])
def test_a_signal_ends_a_publish_whose_server_hangs(endpoint, part):
    assert interrupted(endpoint, "interrupted", lambda asked: part in asked) == -signal.SIGINT
