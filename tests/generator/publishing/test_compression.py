import gzip

import brotli
import pytest
from backports import zstd

from generator.publishing.compression import siblings

PAGE = b"<p>$2.49 an hour</p>" * 100


@pytest.mark.parametrize(
    ("encoding", "read"), [("gz", gzip.decompress), ("br", brotli.decompress), ("zst", zstd.decompress)]
)
def test_a_sibling_decompresses_to_the_file(encoding, read):
    (made,) = siblings("index.html", PAGE, [encoding]).values()
    assert len(made) < len(PAGE) / 2
    assert read(made) == PAGE


def test_siblings_have_the_same_bytes_each_time():
    encodings = ("gz", "br", "zst")
    made = siblings("index.html", PAGE, encodings)
    assert list(made) == [".gz", ".br", ".zst"]
    assert made == siblings("gpu/a/index.html", PAGE, encodings)
    assert made[".gz"][4:8] == bytes(4)  # the header's time


@pytest.mark.parametrize(("path", "data"), [("index.html", b"small"), ("photo.png", PAGE), ("data.csv.gz", PAGE)])
def test_small_files_and_those_that_are_no_text_have_none(path, data):
    assert siblings(path, data, ["gz", "br"]) == {}
