"""llms.txt (llmstxt.org): what the site is, and where programs find its lists, its data and what both mean."""

from generator import urls
from generator.model.page import Site

_ABOUT = (
    "Prices of GPUs to rent from cloud providers, in US dollars per GPU-hour before tax, each with the day on which it "
    "was read and where. On-demand, spot and reserved prices are never mixed. A price that nobody confirmed in time is "
    "marked, then removed; an unknown one is left out, never zero."
)
_TWINS = (
    "Every page is Markdown too, at its address with index.md, and says the same. Where a page and another source "
    "differ, quote the page's price with its day and its link to the source."
)
_LISTS = (
    ("GPUs", urls.GPU_INDEX, "every GPU with its memory, lowest and median price"),
    ("Providers", urls.PROVIDER_INDEX, "who rents out GPUs, from what price, on what terms"),
    ("Comparisons", urls.COMPARE_INDEX, "of two GPUs or two providers, like for like"),
    ("Regions", urls.REGION_INDEX, "who has GPUs in a country or continent"),
    ("Price indices", urls.PRICE_INDEX, "how prices have changed, of the same providers on every day"),
    ("Price changes", urls.CHANGES, "what we saw change, with both prices and their sources"),
    ("Guides", urls.GUIDE_INDEX, "what to know before renting"),
)
_MEANING = (
    ("Methodology", urls.METHODOLOGY, "how prices are read, compared, ranked and checked"),
    ("Status", urls.STATUS, "when each source was last read, and with what result"),
    ("Corrections", urls.CORRECTIONS, "how to report a wrong price"),
)
_DATA = (
    ("GPUs", urls.json_twin(urls.GPU_INDEX), "JSON; each GPU with all its offers is /api/v1/gpu/<gpu>.json"),
    (
        "Providers",
        urls.json_twin(urls.PROVIDER_INDEX),
        "JSON; each with all its offers is /api/v1/provider/<provider>.json",
    ),
    ("Terms", urls.json_twin(urls.CALCULATOR), "JSON: what providers charge beside the hourly price, with sources"),
    ("What an offer is", urls.json_schema("provider"), "JSON Schema; each file names its own"),
    (
        "Price changes",
        urls.json_twin(urls.CHANGES),
        "JSON; as feeds: /changes/feed.xml, feed.json; of one GPU or provider: /changes/gpu/<gpu>/feed.xml, "
        "/changes/provider/<provider>/feed.xml",
    ),
    ("Sources", urls.json_twin(urls.STATUS), "JSON: when each was last read, and with what result"),
    ("Identifiers", urls.json_twin(urls.IDENTIFIERS), "JSON: which GPU a raw name or a machine type means"),
    ("All current offers", urls.DATA, "as CSV and SQLite, what each column holds, and the licence"),
    ("Confirmations", urls.FRESHNESS, "when each provider's prices were last confirmed"),
    ("Exchange rates", urls.RATES, "what a US dollar was in other currencies on the last day of the ECB's rates"),
)

Line = tuple[str, str, str]


def llms(site: Site) -> dict[str, bytes]:
    """The file, by its path in the output folder."""
    chapters = (("Lists", _LISTS), ("Data", _DATA), ("What they mean", _MEANING))
    told = [f"# {site.name}", f"> {_ABOUT}", _TWINS, *(_chapter(site.url, *chapter) for chapter in chapters)]
    return {"llms.txt": ("\n\n".join(told) + "\n").encode()}


def _chapter(site_url: str, title: str, lines: tuple[Line, ...]) -> str:
    listed = "\n".join(f"- [{name}]({_address(site_url, path)}): {what}" for name, path, what in lines)
    return f"## {title}\n\n{listed}"


def _address(site_url: str, path: str) -> str:
    """Of a list's Markdown, or of a file."""
    return urls.absolute(site_url, urls.markdown_twin(path) if path.endswith("/") else path)
