import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from scrapers.captures import RECORDED, UNDATED, Capture, Request, recording, replay

NOW = datetime(2026, 8, 22, 4, tzinfo=UTC)


def write(folder: Path, **fields: object) -> None:
    stated = {
        "provider": "nimbus",
        "recorded_at": "2026-08-22T04:00:00Z",
        "origin": "a price list",
        "licence": "CC BY 4.0",
        "exchanges": [{"url": "https://nimbus.example/plans", "content_type": "application/json", "body": {"é": 1.10}}],
    }
    (folder / "nimbus.json").write_text(json.dumps(stated | fields), "utf-8")


def test_capture_is_known_by_the_hash_of_its_bytes() -> None:
    capture = Capture("nimbus", Request("https://nimbus.example"), 200, NOW, "text/plain", b"H100")
    assert capture.sha256 == hashlib.sha256(b"H100").hexdigest()
    assert not capture.is_recorded


def test_requests_differ_by_method_address_and_body() -> None:
    get = Request("https://nimbus.example", headers={"accept": "text/html"})
    assert get.identity == Request("https://nimbus.example").identity
    assert get.identity != Request("https://nimbus.example", "POST", b"{}").identity


def test_provider_without_recording_has_none(tmp_path: Path) -> None:
    assert recording("nimbus", tmp_path) is None


def test_recording_has_its_date_and_origin(tmp_path: Path) -> None:
    write(tmp_path)
    found = recording("nimbus", tmp_path)
    assert found is not None
    assert (found.recorded_at, found.origin, found.licence) == (NOW, "a price list", "CC BY 4.0")
    (capture,) = found.captures
    assert (capture.body, capture.status, capture.is_recorded) == ('{"é":1.1}'.encode(), 200, True)


def test_every_recording_links_to_the_collection_that_has_its_figures() -> None:
    linked = {path.stem: capture.origin_url for path in RECORDED.glob("*.json") for capture in captures(path.stem)}
    assert [name for name, url in linked.items() if not url.startswith("https://")] == []


def captures(provider: str) -> tuple[Capture, ...]:
    found = recording(provider)
    return found.captures if found else ()


def test_recorded_text_is_kept_as_it_is(tmp_path: Path) -> None:
    page = {"url": "https://nimbus.example", "content_type": "text/html", "body": "<p>é</p>"}
    write(tmp_path, exchanges=[page | {"recorded_at": "2026-08-23T00:00:00Z"}])
    found = recording("nimbus", tmp_path)
    assert found is not None
    assert found.captures[0].body == "<p>é</p>".encode()
    assert found.recorded_at == datetime(2026, 8, 23, tzinfo=UTC)


def test_figures_of_no_known_day_have_no_date(tmp_path: Path) -> None:
    write(tmp_path, recorded_at=None)
    found = recording("nimbus", tmp_path)
    assert found is not None
    assert (found.recorded_at, found.is_dated) == (UNDATED, False)
    write(tmp_path)
    assert (dated := recording("nimbus", tmp_path)) is not None
    assert dated.is_dated


def test_replay_finds_captures_by_request(tmp_path: Path) -> None:
    write(tmp_path)
    found = recording("nimbus", tmp_path)
    assert found is not None
    assert replay(found.captures)[Request("https://nimbus.example/plans").identity] is found.captures[0]
