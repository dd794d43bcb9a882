import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from generator.errors import BuildError
from generator.site import sitemaps
from generator.site.serve import Preview, serve

SITE = "https://gpus.example/prices"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "index.html": b"home",
        "gpu/a100/index.html": b"A100",
        "404.html": b"nothing here",
        "assets/site.1a.css": b"a{}",
        ".manifest.json": b"{}",
        **sitemaps.headers(SITE, "default-src 'none'", ["/assets/site.1a.css"]),
        **sitemaps.redirects(SITE, {"/compare/b-vs-a/": "/gpu/a100/"}),
    }
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[httpx.Client]:
    with Preview(folder, port=0, base="/prices") as preview:
        thread = threading.Thread(target=preview.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        with httpx.Client(base_url=preview.address) as client:
            yield client
        preview.shutdown()
        thread.join()


def test_page_is_served_under_the_site_s_path_with_its_policy(client: httpx.Client) -> None:
    answer = client.get("/prices/gpu/a100/?sort=price")
    assert (answer.status_code, answer.text) == (200, "A100")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["cache-control"] == "no-cache"


def test_hashed_asset_may_be_kept_for_good(client: httpx.Client) -> None:
    answer = client.head("/prices/assets/site.1a.css")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (answer.headers["content-length"], answer.text) == ("3", "")


@pytest.mark.parametrize(
    "path",
    [
        "/prices/nothing/",
        "/gpu/a100/",
        "/prices/gpu/",
        "/prices/.manifest.json",
        "/prices/_headers",
        "/prices/gpu/..%2f..%2f..%2fetc/passwd",
        "/prices//etc/passwd",
        "/prices/gpu/%00",
    ],
)
def test_what_is_no_page_answers_404_with_the_page_for_it(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (404, "nothing here")


def test_a_folder_without_a_page_for_it_answers_in_words(client: httpx.Client, folder: Path) -> None:
    (folder / "404.html").unlink()
    assert client.get("/prices/nowhere/").text == "404: no such page\n"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", "/prices/"),
        ("/prices", "/prices/"),
        ("/prices/gpu/a100", "/prices/gpu/a100/"),
        ("/prices/compare/b-vs-a/", "/prices/gpu/a100/"),
    ],
)
def test_old_and_unfinished_addresses_redirect(client: httpx.Client, path: str, target: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (301, target)


def test_link_leads_to_no_file_outside_of_the_site(folder: Path, client: httpx.Client) -> None:
    (folder.parent / "secret.txt").write_text("secret")
    (folder / "secret.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "above").symlink_to(folder.parent)
    for path in ("/prices/secret.txt", "/prices/above/secret.txt"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("target", "status"), [("http://[/", b"400"), (f"/prices/{'a' * 300}", b"404"), ("/prices/" + "a/" * 5000, b"404")]
)
def test_any_target_has_an_answer(client: httpx.Client, target: str, status: bytes) -> None:
    assert client.base_url.port
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=10) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
        assert connection.makefile("rb").readline().split()[1] == status


def test_client_that_hangs_up_is_no_error(client: httpx.Client, capfd: pytest.CaptureFixture[str]) -> None:
    assert client.base_url.port
    for _ in range(20):
        with socket.create_connection((client.base_url.host, client.base_url.port)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, not an end
            connection.sendall(b"GET /prices/ HTTP/1.1\r\n\r\n" * 20)
    assert client.get("/prices/").status_code == 200
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("host", ["a..b", "é..x", "b" * 300])
def test_what_is_no_host_is_named(folder: Path, host: str) -> None:
    with pytest.raises(BuildError, match=f"{host}.*"):
        Preview(folder, host, port=0)


def test_taken_port_is_named(folder: Path) -> None:
    with Preview(folder, port=0) as first, pytest.raises(BuildError, match=r"is taken; name another one with --port"):
        Preview(folder, port=first.server_address[1])


def test_folder_without_a_site_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no site there; make one with"):
        Preview(tmp_path, port=0)


def test_site_that_is_half_new_for_good_is_not_served(folder: Path) -> None:
    (folder / ".staging").mkdir()
    (folder / ".staging/journal.json").write_bytes(b"{")
    with pytest.raises(BuildError, match=r"half old, half new, and its journal can't be read; .*: build\.py render"):
        serve(folder, port=0)
