"""Made-up sites, what publishes them, and what a reader finds."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import obstore

from generator.output import disk
from generator.publishing.folder_store import FolderStore
from generator.publishing.object_store import ObjectStore
from generator.publishing.publish import Content

SITE = "https://gpus.example"
START = datetime(2026, 3, 1, tzinfo=UTC)
ONE, TWO, THREE = "1" * 36, "2" * 36, "3" * 36


def site(colour="red", pages=("a", "b"), price=1):
    """The files of a site: a style sheet, pages that need it, a sitemap."""
    style = f"body {{ color: {colour} }}".encode() * 60
    asset = f"assets/site.{hashlib.sha256(style).hexdigest()[:10]}.css"
    said = {page: f'<link href="/{asset}"><p>{page} costs {price}</p>'.encode() * 40 + b"</html>" for page in pages}
    entry = "<url><loc>{}/gpu/{}/</loc><lastmod>2026-03-{:02}T00:00:00+00:00</lastmod></url>"
    entries = "".join(entry.format(SITE, page, price) for page in pages)
    return {
        asset: style,
        "assets/icon.svg": b"<svg/>",
        **{f"gpu/{page}/index.html": body for page, body in said.items()},
        "sitemaps/gpu.xml": f"<urlset>{entries}</urlset>".encode(),
        "robots.txt": b"User-agent: *\n",
        "_headers": f"/{asset}\n  Cache-Control: public\n".encode(),
    }


def content(files, generation=ONE, hours=0, **changes):
    digests = {path: disk.hashed(data) for path, data in files.items()}
    return replace(Content(generation, START + timedelta(hours=hours), 2, digests, files.__getitem__), **changes)


class FolderPlace:
    """A folder as a destination."""

    def __init__(self, folder, encodings=("gz", "br")):
        self.destination, self.folder, self.encodings = str(folder), folder, encodings
        self.environment = {}

    def store(self):
        return FolderStore(self.folder, self.encodings)

    def everything(self):
        files = (file for file in self.folder.rglob("*") if file.is_file())
        return {str(file.relative_to(self.folder)): file.read_bytes() for file in files}

    def get(self, path):
        try:
            return (self.folder / path).read_bytes()
        except FileNotFoundError:
            return None


class S3Place:
    """A bucket as a destination."""

    def __init__(self, endpoint, bucket):
        self.endpoint, self.bucket = endpoint, bucket
        self.destination = f"s3://{bucket}/www"
        self.environment = {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "kept-secret",
            "AWS_REGION": "us-east-1",
        }
        httpx.put(f"{endpoint}/{bucket}").raise_for_status()

    def store(self):
        return ObjectStore(self.destination, self.environment)

    def everything(self):
        inner = self.store()._store
        paths = [one["path"] for some in obstore.list(inner) for one in some]
        return {path: bytes(obstore.get(inner, path).bytes()) for path in paths}

    def get(self, path):
        found = self.store().get(path)
        return found and found.data

    def headers(self, path):
        """Those with which the store answers a browser."""
        return httpx.get(obstore.sign(self.store()._store, "GET", path, timedelta(minutes=1))).headers


def moto():
    """An S3-compatible server of this process, which must be stopped."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 (a process that publishes needs none)

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    return server


def served(place):
    """What readers get: the files of the site."""
    siblings = (".gz", ".br", ".zst")
    found = place.everything().items()
    return {path: data for path, data in found if not path.startswith(".publish/") and not path.endswith(siblings)}


def pages_are_whole(get, pages=("a", "b")):
    """Read each page, then its style sheet, as a browser does; returns how many pages there were."""
    found = [body for page in pages if (body := get(f"gpu/{page}/index.html")) is not None]
    for body in found:
        assert body.endswith(b"</html>")
        style = get(re.search(rb'href="/([^"]+)"', body)[1].decode())
        assert style, "a page without its style sheet"
        assert style.endswith(b"}")
    return len(found)
