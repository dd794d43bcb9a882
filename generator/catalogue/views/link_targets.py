"""Whether what a page's words link to is there today."""

from urllib.parse import quote, unquote, urljoin, urlsplit

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import view


@view
def leads_to(catalogue: Catalogue, target: str) -> bool:
    """Whether a `target` is there: a page, and the place on it that the target names."""
    return catalogue.addresses.has(*parted(target))


def target(href: str, path: str, site_url: str) -> str | None:
    """Where a link in the words of the page at `path` leads to, as `leads_to` takes it; None where it leaves the site.

    What is on the site's host and outside of its folder is none of its pages.
    """
    base = urls.base_path(site_url)
    own = href.startswith("/") and not urlsplit(href).netloc
    address = urljoin(urls.absolute(site_url, path), base + href if own else href)
    origin = site_url.rstrip("/").removesuffix(base)
    if address != origin and not address.startswith(origin + "/"):
        return None
    parts = urlsplit(address)
    inside = parts.path.removeprefix(base) if parts.path.startswith(base + "/") else ""
    return f"{quote(unquote(inside))}#{quote(unquote(parts.fragment), safe='')}"


def parted(target: str) -> tuple[str, str]:
    """A target's path and the place on that page, "" for none."""
    path, _, place = target.partition("#")
    return unquote(path), unquote(place)
