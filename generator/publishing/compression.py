"""Compressed siblings of text files, as nginx (gzip_static, brotli_static) and Caddy serve them from a folder.

The levels are where more time gained little when they were measured: on pages of 16 kB gzip 3 of isa-l makes 0.27 of
the bytes in 60 us (zlib's 6: 0.25 in 180), brotli 5 0.23 in 240 us, zstd 3 0.26 in 56.  The bytes depend on nothing
but the file's.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from generator.errors import BuildError
from generator.publishing import headers

SUFFIXES = (".gz", ".br", ".zst")
_SMALLEST = 1000  # bytes: below, it isn't worth a request's headers


def siblings(path: str, data: bytes, encodings: Iterable[str]) -> Mapping[str, bytes]:
    """The compressed forms of a file by suffix, such as ".gz"; none of a small file, or of one that isn't text."""
    if len(data) < _SMALLEST or not headers.is_text(path):
        return {}
    return {f".{encoding}": _compressor(encoding)(data) for encoding in encodings}


@cache
def _compressor(encoding: str) -> Callable[[bytes], bytes]:
    return {"gz": _gzip, "br": _brotli, "zst": _zstd}[encoding]()


def _gzip() -> Callable[[bytes], bytes]:
    from isal import isal_zlib  # noqa: PLC0415 (each is loaded only where it is used)

    return lambda data: isal_zlib.compress(data, 3, wbits=31)  # 31: with a gzip header, which states no time


def _brotli() -> Callable[[bytes], bytes]:
    import brotli  # noqa: PLC0415

    return lambda data: brotli.compress(data, quality=5)


def _zstd() -> Callable[[bytes], bytes]:
    try:
        from backports import zstd  # noqa: PLC0415
    except ImportError:
        raise BuildError("CLOUDGPUS_COMPRESS: zst needs the package backports-zstd; expected gz and br") from None
    return lambda data: zstd.compress(data, 3)
