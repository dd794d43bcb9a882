"""Which addresses a scraper may be sent to: redirects stay with their site, and off private networks."""

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit

# Under these names unrelated parties have hosts of their own.
_SHARED = {"amazonaws.com", "appspot.com", "azureedge.net", "azurewebsites.net", "cloudfront.net", "fly.dev"}
_SHARED |= {"github.io", "gitlab.io", "herokuapp.com", "netlify.app", "onrender.com", "pages.dev", "readthedocs.io"}
_SHARED |= {"vercel.app", "web.app", "windows.net", "workers.dev"}
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"})


def host_of(url: str) -> str:
    """An address's host, lower case; "" where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def origin_of(url: str) -> str:
    """An address's scheme, host and port.  Raises ValueError for what is no web address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r:.200} is no web address")
    return f"{parts.scheme}://{parts.netloc}"


def site_of(host: str) -> str:
    """The part of a host's name that its owner registered, by a rule of thumb that errs to the longer name."""
    labels = host.rstrip(".").split(".")
    if is_address(host) or len(labels) < 3:
        return host
    shared = ".".join(labels[-2:]) in _SHARED or (labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2)
    return ".".join(labels[-3:] if shared else labels[-2:])


def is_address(host: str) -> bool:
    """Whether a host is an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a host is this very machine by its name."""
    if is_address(host):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


async def is_public(host: str) -> bool:
    """Whether all of a host's addresses are on the public network.

    True where its name can't be resolved here, as behind a proxy: then it's not this machine that connects.
    """
    if is_loopback(host):
        return False
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return not is_address(host)
    return all(ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global for *_, address in found)


async def redirect_problem(first: str, target: str) -> str | None:
    """Why a request for `first` may not be led on to `target`; None where it may."""
    here, there = host_of(first), host_of(target)
    if not there or not target.startswith(("http:", "https:")):
        return "which is no web address"
    if is_loopback(here) and is_loopback(there):
        return None if here == there else "another host"
    if site_of(here) != site_of(there):
        return "another site"
    if first.startswith("https:") and not target.startswith("https:"):
        return "without encryption"
    return None if await is_public(there) else "an address that is not public"
