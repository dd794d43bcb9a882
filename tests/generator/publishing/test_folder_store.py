import gzip
import os
from pathlib import Path

import brotli
import pytest

from generator.errors import OutputUnwritable
from generator.publishing import compression
from generator.publishing.folder_store import FolderStore
from generator.publishing.publish import publish
from tests.generator.publishing.sites import TWO, FolderPlace, content, served, site

PAGE = b"<p>$2.49 an hour</p>" * 100
SITE = {"index.html": PAGE, "robots.txt": b"User-agent: *"}


def test_each_text_of_some_size_has_its_siblings(folder):
    publish(folder.store(), content(SITE), 3)
    there = folder.everything()
    assert gzip.decompress(there["index.html.gz"]) == brotli.decompress(there["index.html.br"]) == PAGE
    assert {path for path in there if path.endswith((".gz", ".br", ".zst"))} == {"index.html.gz", "index.html.br"}


def test_a_second_publish_compresses_nothing(folder, monkeypatch):
    publish(folder.store(), content(SITE), 3)
    monkeypatch.setattr(compression, "siblings", None)
    assert publish(folder.store(), content(SITE, hours=1), 3).put == 0


def test_siblings_go_with_their_file_and_when_it_gets_small(folder):
    publish(folder.store(), content({**SITE, "gpu/a/index.html": PAGE}), 3)
    publish(folder.store(), content({**SITE, "index.html": b"small"}, TWO), 3)
    assert not [path for path in folder.everything() if path.endswith((".gz", ".br"))]
    assert not (folder.folder / "gpu").exists()


def test_another_setting_makes_the_siblings_of_unchanged_files(tmp_path):
    publish(FolderStore(tmp_path / "www", ("gz",)), content(SITE), 3)
    publish(FolderStore(tmp_path / "www", ("br", "zst")), content(SITE), 3)
    suffixes = {path.suffix for path in (tmp_path / "www").glob("index.html.*")}
    assert suffixes == {".br", ".zst"}


def test_a_file_is_never_beside_a_sibling_of_another(folder, monkeypatch):
    publish(folder.store(), content(SITE), 3)
    replace, seen = Path.replace, []

    def watch(self, target):
        renamed = replace(self, target)
        page, packed = folder.get("index.html"), folder.get("index.html.gz")
        seen.append(packed is None or gzip.decompress(packed) == page)
        return renamed

    monkeypatch.setattr(Path, "replace", watch)
    publish(folder.store(), content({**SITE, "index.html": PAGE * 2}, TWO), 3)
    assert len(seen) > 5
    assert all(seen)


def test_files_of_others_stay(folder):
    folder.folder.mkdir()
    (folder.folder / "CNAME").write_text("gpus.example")
    publish(folder.store(), content(SITE), 3)
    publish(folder.store(), content(site(), TWO), 3)
    assert folder.get("CNAME") == b"gpus.example"


def test_no_link_is_followed_out_of_the_folder(folder, tmp_path):
    folder.folder.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (folder.folder / "gpu").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputUnwritable, match="a link in the way of"):
        publish(folder.store(), content(site()), 3)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_is_replaced_is_kept_where_the_file_system_has_no_links(folder, monkeypatch):
    publish(folder.store(), content(SITE), 3)

    def refuse(*_arguments, **_options):
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    publish(folder.store(), content({**SITE, "robots.txt": b"other"}, TWO), 3)
    assert b"User-agent: *" in [data for path, data in folder.everything().items() if "kept" in path]


def test_what_a_killed_publish_had_begun_to_write_is_removed(folder):
    left = folder.folder / ".publish/new/half"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"ha")
    publish(folder.store(), content(SITE), 3)
    assert not left.exists()
    assert SITE.items() <= served(FolderPlace(folder.folder)).items()
