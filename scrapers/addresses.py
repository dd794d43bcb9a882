"""Which addresses a redirect may lead a scraper to: those of the same site, and none on a private network."""

import asyncio
import ipaddress
import socket
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# IPv6 outside this block is reserved or for a special purpose: https://www.iana.org/assignments/ipv6-address-space
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_TRANSLATED = ipaddress.IPv6Network(
    "64:ff9b::/96"
)  # how a network without IPv4 reaches IPv4 addresses, which are the last 32 bits (RFC 6052)
# Blocks that IANA's special-purpose registries don't call globally reachable, though some versions of Python do.
_SPECIAL = [
    ipaddress.ip_network(block)
    for block in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]


def host_of(url: str) -> str:
    """The host of an address, in lower case; "" where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def origin_of(url: str) -> str:
    """The scheme, host and port of an address.  Raises ValueError for anything but a web address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r:.200} is not a web address")
    return f"{parts.scheme}://{parts.netloc}"


def site_of(host: str) -> str:
    """The part of a host's name that its owner registered, by the Public Suffix List, private suffixes included.

    The whole host where it is itself a public suffix, or an IP address.
    """
    name = host.rstrip(".")
    return name if is_address(name) else _suffixes().privatesuffix(name) or name


@cache
def _suffixes() -> "PublicSuffixList":
    """The Public Suffix List that comes with the library; nothing is fetched."""
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 (0.1 s that a run without redirects saves)

    return PublicSuffixList()


def is_address(host: str) -> bool:
    """Whether a host is an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or address."""
    if is_address(host):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


async def is_public(host: str) -> bool:
    """Whether all IP addresses of a host are public.

    True where its name can't be resolved here, as behind a proxy: then it is the proxy that connects.
    """
    if is_loopback(host):
        return False
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return not is_address(host)
    return all(is_public_address(str(address[0])) for *_, address in found)


def is_public_address(text: str) -> bool:
    """Whether an IP address belongs to a single public host: neither special, nor multicast, nor reserved."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address in _TRANSLATED:
            return is_public_address(str(ipaddress.IPv4Address(address.packed[-4:])))
        if address not in _GLOBAL_UNICAST:
            return False
    is_special = any(address in network for network in _SPECIAL)
    return address.is_global and not (is_special or address.is_multicast or address.is_reserved)


async def redirect_problem(first: str, target: str) -> str | None:
    """What is wrong with redirecting a request for `first` to `target`, as in "redirects to ..."; None if it may."""
    here, there = host_of(first), host_of(target)
    if not (there and there.isascii()) or not target.startswith(("http:", "https:")):
        return "something other than a web address"
    if is_loopback(here) and is_loopback(there):
        return None if here == there else "another host"
    if site_of(here) != site_of(there):
        return "another site"
    if first.startswith("https:") and not target.startswith("https:"):
        return "an address without encryption"
    return None if await is_public(there) else "an address that is not public"
