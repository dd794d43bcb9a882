"""Every path and canonical URL of the site; no other module builds one."""

from functools import lru_cache
from urllib.parse import quote, urlsplit

HOME = "/"
GPU_INDEX = "/gpu/"
PROVIDER_INDEX = "/provider/"
COMPARE_INDEX = "/compare/"
COMPARE_ANY = "/compare/any/"
CALCULATOR = "/calculator/"
REGION_INDEX = "/region/"
GUIDE_INDEX = "/guides/"
METHODOLOGY = "/methodology/"
ABOUT = "/about/"
CORRECTIONS = "/corrections/"
STATUS = "/status/"
CHANGES = "/changes/"
DATA = "/data/"
IDENTIFIERS = "/identifiers/"
PRICE_INDEX = "/price-index/"
NOT_FOUND = "/404.html"
SITEMAP_INDEX = "/sitemap.xml"
FRESHNESS = "/freshness.json"
RATES = "/rates.json"
SEARCH = "/search/"
SEARCH_NAMES = "/search/names.json"
SEARCH_MACHINES = "/search/machines.json"
OPENSEARCH = "/opensearch.xml"
_LISTS = {
    GPU_INDEX: "/gpus/",
    PROVIDER_INDEX: "/providers/",
    DATA: "/offers/",
    CALCULATOR: "/terms/",
    COMPARE_ANY: "/comparisons/",
}


def page(*segments: str) -> str:
    """The path of these segments: "/gpu/h100-sxm/" for "gpu" and "h100-sxm"."""
    return "".join(f"/{_segment(segment)}" for segment in segments) + "/"


def gpu(slug: str) -> str:
    """A GPU variant's page, or a chip's."""
    return page("gpu", slug)


def provider(slug: str) -> str:
    """A provider's page."""
    return page("provider", slug)


def methodology(version: str) -> str:
    """A published version of the methodology."""
    return page("methodology", f"v{version}")


def provider_gpu(provider_slug: str, gpu_slug: str) -> str:
    """A GPU at one provider."""
    return page("provider", provider_slug, gpu_slug)


def compare(one: str, other: str) -> str:
    """The comparison of two GPUs or of two providers, in either order."""
    first, second = sorted((one, other))
    return f"/compare/{_segment(first)}-vs-{_segment(second)}/"


def compare_reversed(one: str, other: str) -> str:
    """The address that names a compared pair the other way round; it redirects to `compare`."""
    second, first = sorted((one, other))
    return f"/compare/{_segment(first)}-vs-{_segment(second)}/"


def cheapest(slug: str, pricing_type: str = "on_demand") -> str:
    """The list of a GPU's cheapest providers: on demand, or spot."""
    return page("cheapest", slug, *([] if pricing_type == "on_demand" else [pricing_type]))


def region(slug: str) -> str:
    """A country's page, or a continent's."""
    return page("region", slug)


def gpu_set(kind: str, value: str) -> str:
    """A list of GPUs by memory, price or feature: /gpu/vram/80gb/."""
    return page("gpu", kind, value)


def price_index(slug: str) -> str:
    """The price index of a GPU or chip."""
    return page("price-index", slug)


def changes(month: str) -> str:
    """The price changes of a month, "2026-08"."""
    return page("changes", month)


def changes_of(path: str) -> str:
    """Where the feeds of a page's price changes are: /changes/gpu/h100-sxm/ for /gpu/h100-sxm/."""
    return f"/changes{path}"


def guide(slug: str) -> str:
    """A guide's page."""
    return page("guides", slug)


def workload(slug: str) -> str:
    """The page about the GPUs for a workload."""
    return page("best-gpu-for", slug)


def evidence(digits: str) -> str:
    """The answer whose hash begins with these digits."""
    return page("evidence", digits)


def sitemap(page_type: str) -> str:
    """The sitemap of one page type."""
    return f"/sitemaps/{_segment(page_type.replace('_', '-'))}.xml"


def asset(name: str) -> str:
    """A file of `templates/assets/`."""
    return f"/assets/{quote(name)}"


def markdown_twin(path: str) -> str:
    """A page as Markdown: /gpu/h100-sxm/index.md for /gpu/h100-sxm/."""
    return f"{path}index.md"


def json_twin(path: str) -> str:
    """A page as JSON: /api/v1/gpu/h100-sxm.json for /gpu/h100-sxm/, /api/v1/gpus.json for the list of them."""
    return f"/api/v1{_LISTS.get(path, path).rstrip('/')}.json"


def price_history(provider_slug: str, gpu_slug: str) -> str:
    """What a provider's offers of a GPU cost and when, as JSON."""
    return f"/api/v1/history/{_segment(provider_slug)}/{_segment(gpu_slug)}.json"


def badge(path: str) -> str:
    """The price badge of a GPU's page: /badge/h100-sxm.svg for /gpu/h100-sxm/."""
    return f"/badge/{path.rstrip('/').rpartition('/')[2]}.svg"


def picture(path: str) -> str:
    """The picture of a page for those who share it: /share/gpu/h100-sxm.png for /gpu/h100-sxm/."""
    return f"/share/{page_slug(path)}.png"


def feed(path: str) -> str:
    """A page's Atom feed: /changes/feed.xml for /changes/."""
    return f"{path}feed.xml"


def json_feed(path: str) -> str:
    """The same as JSON: /changes/feed.json for /changes/."""
    return f"{path}feed.json"


def json_schema(kind: str) -> str:
    """What the JSON of a kind of page holds."""
    return f"/api/v1/schema/{_segment(kind)}.json"


def output_file(path: str) -> str:
    """The file of a path's page in the output folder."""
    return path.lstrip("/") + ("index.html" if path.endswith("/") else "")


def page_slug(path: str) -> str:
    """A path's slug in `content_pages`: without the outer slashes, `home` for the front page."""
    return path.strip("/") or "home"


def absolute(site_url: str, path: str) -> str:
    """The canonical URL of a path; the site may be under a subpath."""
    return site_url.rstrip("/") + path


def base_path(site_url: str) -> str:
    """What goes before every path in a link: "" at the root of a host, "/prices" under a subpath."""
    return urlsplit(site_url).path.rstrip("/")


@lru_cache(maxsize=16384)
def outgoing(url: str | None) -> str | None:
    """An address outside the site, if it may be linked to: https or http with a host, else None."""
    try:
        parts = urlsplit(url or "")
    except ValueError:  # a [ that nothing closes
        return None
    return url if parts.scheme in {"https", "http"} and parts.hostname else None


@lru_cache(maxsize=65536)
def _segment(slug: str) -> str:
    """One path segment, in which no slug can name another folder."""
    return quote(slug, safe="").replace(".", "%2E") if set(slug) <= {"."} else quote(slug, safe="")
