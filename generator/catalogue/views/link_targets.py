"""Whether the targets of a page's links exist today."""

from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import aggregate


@aggregate
def leads_to(catalogue: Catalogue, target: str) -> bool:
    """Whether a `target` exists: a page, and the anchor on it that the target names."""
    return catalogue.addresses.has(*path_and_anchor(target))


def target(href: str, path: str, site_url: str) -> str | None:
    """The target of a link in the text of the page at `path`, as `leads_to` takes it; None where it leaves the site.

    What is on the site's host but outside its folder is not one of its pages.
    """
    return _target(href, urls.HOME if href.startswith("/") else path, site_url)


@lru_cache(maxsize=8192)
def _target(href: str, path: str, site_url: str) -> str | None:
    base = urls.base_path(site_url)
    own = href.startswith("/") and not urlsplit(href).netloc
    address = urljoin(urls.absolute(site_url, path), base + href if own else href)
    origin = site_url.rstrip("/").removesuffix(base)
    if address != origin and not address.startswith(origin + "/"):
        return None
    parts = urlsplit(address)
    inside = parts.path.removeprefix(base) if parts.path.startswith(base + "/") else ""
    return f"{quote(unquote(inside))}#{quote(unquote(parts.fragment), safe='')}"


def path_and_anchor(target: str) -> tuple[str, str]:
    """A target's path and the anchor on that page, "" for none."""
    path, _, anchor = target.partition("#")
    return unquote(path), unquote(anchor)
