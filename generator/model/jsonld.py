"""schema.org builders: plain values in, JSON-LD nodes out.  Every value in them is also shown on the page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from generator import urls
from generator.formats import plain_money
from generator.labels import PRICING
from generator.model.downloads import Download, Downloads
from generator.model.page import Attribution, Crumb, Site

Node = Mapping[str, Any]

_LISTED = 100
_LEASE_OUT = "http://purl.org/goodrelations/v1#LeaseOut"


class JsonLd:
    """Nodes with the absolute addresses of one site."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def url(self, path: str) -> str:
        """The absolute address of a path."""
        return urls.absolute(self.site.url, path)

    def breadcrumb(self, crumbs: Sequence[Crumb], path: str) -> Node:
        """The way to a page from home; the last item is the page itself."""
        return {
            "@type": "BreadcrumbList",
            "@id": self.url(path) + "#breadcrumb",
            "itemListElement": [
                {"@type": "ListItem", "position": position, "name": crumb.name, "item": self.url(crumb.path or path)}
                for position, crumb in enumerate(crumbs, 1)
            ],
        }

    def organization(self) -> Node:
        """Who makes the site."""
        return {
            "@type": "Organization",
            "@id": self.url(urls.HOME) + "#organization",
            "name": self.site.organisation,
            "url": self.url(urls.HOME),
            "logo": self.url(urls.asset("favicon.svg")),
            "sameAs": [self.site.repository],
        }

    def website(self) -> Node:
        """The site."""
        return {
            "@type": "WebSite",
            "@id": self.url(urls.HOME) + "#website",
            "name": self.site.name,
            "url": self.url(urls.HOME),
            "publisher": {"@id": self.url(urls.HOME) + "#organization"},
        }

    def item_list(self, path: str, name: str, items: Iterable[tuple[str, str]], total: int | None = None) -> Node:
        """A list of (name, path) in the page's order: the first hundred of `total` (by default, of those given)."""
        listed = list(items)
        elements = [
            {"@type": "ListItem", "position": position, "name": item, "url": self.url(item_path)}
            for position, (item, item_path) in enumerate(listed[:_LISTED], 1)
        ]
        return {
            "@type": "ItemList",
            "@id": self.url(path) + "#list",
            "name": name,
            "numberOfItems": len(listed) if total is None else total,
            "itemListElement": elements,
        }

    def product(
        self,
        path: str,
        name: str,
        brand: str,
        properties: Iterable[tuple[str, str]],
        offers: Node,
        description: str = "",
    ) -> Node:
        """A GPU variant with its aggregate offer; `properties` are (label, value) as the page shows them."""
        return {
            "@type": "Product",
            "@id": self.url(path) + "#product",
            "name": name,
            "category": "Cloud GPU",
            "image": self.url(urls.asset("gpu.svg")),
            **({"description": description} if description else {}),
            "brand": {"@type": "Brand", "name": brand},
            "additionalProperty": [
                {"@type": "PropertyValue", "name": label, "value": value} for label, value in properties
            ],
            "offers": offers,
        }

    def aggregate_offer(self, path: str, low: Decimal, high: Decimal, count: int) -> Node:
        """Rental prices in US dollars per GPU-hour, marked as a lease: none is the price of the card."""
        return {
            "@type": "AggregateOffer",
            "@id": self.url(path) + "#offers",
            "lowPrice": plain_money(low),
            "highPrice": plain_money(high),
            "priceCurrency": "USD",
            "offerCount": count,
            "businessFunction": _LEASE_OUT,
            "priceSpecification": _per_gpu_hour(low),
        }

    def dataset(
        self,
        path: str,
        name: str,
        description: str,
        licensors: Iterable[Attribution],
        span: tuple[date, date] | None = None,
        keywords: Iterable[str] = (),
        pricing_type: str = "on_demand",
    ) -> Node:
        """A price history on a page; its creators are the licensed sources that read the prices, else this site.

        `span` is its first and last day.
        """
        sources = list(licensors)
        own = {"@id": self.url(urls.HOME) + "#organization"}
        licences = [{"@type": "CreativeWork", "name": source.licence, "url": source.url} for source in sources]
        return {
            "@type": "Dataset",
            "@id": self.url(path) + "#history",
            "name": name,
            "description": description,
            "url": self.url(path),
            "license": licences or self.url(urls.METHODOLOGY),
            "isAccessibleForFree": True,
            "creator": [{"@type": "Organization", "name": source.name, "url": source.url} for source in sources] or own,
            "publisher": own,
            "variableMeasured": f"US dollars per GPU-hour, {PRICING[pricing_type].lower()}",
            **({"temporalCoverage": f"{span[0].isoformat()}/{span[1].isoformat()}"} if span else {}),
            **({"keywords": list(keywords)} if keywords else {}),
        }

    def downloads(self, path: str, description: str, held: Downloads) -> Node:
        """The current offers as files to download."""
        span = {"temporalCoverage": f"{held.since}/{held.until}", "version": str(held.until)} if held.until else {}
        return {
            "@type": "Dataset",
            "@id": self.url(path) + "#offers",
            "name": "Cloud GPU offers",
            "description": description,
            "url": self.url(path),
            "license": self.url(urls.METHODOLOGY),
            "isAccessibleForFree": True,
            "creator": {"@id": self.url(urls.HOME) + "#organization"},
            "publisher": {"@id": self.url(urls.HOME) + "#organization"},
            "keywords": ["GPU cloud", "GPU rental prices", "on demand", "spot", "reserved"],
            "variableMeasured": [f"US dollars per GPU-hour, {name.lower()}" for name in PRICING.values()],
            "distribution": [self._download(path, one) for one in (held.csv, held.sqlite)],
            **span,
        }

    def _download(self, path: str, file: Download) -> Node:
        return {
            "@type": "DataDownload",
            "name": file.name,
            "contentUrl": self.url(path) + file.name,
            "encodingFormat": file.media_type,
            "sha256": file.sha256,
        }

    def offer(self, path: str, amount: Decimal, seller: str, seller_path: str) -> Node:
        """One provider's rental price in US dollars per GPU-hour, marked as a lease."""
        return {
            "@type": "Offer",
            "@id": self.url(path) + "#offer",
            "url": self.url(path),
            "price": plain_money(amount),
            "priceCurrency": "USD",
            "businessFunction": _LEASE_OUT,
            "seller": {"@type": "Organization", "name": seller, "url": self.url(seller_path)},
            "priceSpecification": _per_gpu_hour(amount),
        }

    def provider(self, path: str, name: str, links: Iterable[str | None]) -> Node:
        """A provider as the subject of its page."""
        known = [link for link in links if link]
        return {
            "@type": "Organization",
            "@id": self.url(path) + "#provider",
            "name": name,
            "url": known[0] if known else self.url(path),
            "sameAs": known[1:],
            "mainEntityOfPage": self.url(path),
        }

    def pictured(self, node: Node, picture: str) -> Node:
        """A node with the page's picture, where its type shows one in search results."""
        return {**node, "image": self.url(picture)} if node["@type"] in _PICTURED else node

    def article(self, path: str, headline: str, author: str, published: date, modified: date) -> Node:
        """A guide."""
        return {
            "@type": "Article",
            "@id": self.url(path) + "#article",
            "headline": headline,
            "author": {"@type": "Organization", "name": author, "url": self.url(urls.HOME)},
            "publisher": {"@id": self.url(urls.HOME) + "#organization"},
            "datePublished": published.isoformat(),
            "dateModified": modified.isoformat(),
            "mainEntityOfPage": self.url(path),
        }


_PICTURED = ("Product", "Article")


def _per_gpu_hour(amount: Decimal) -> Node:
    return {
        "@type": "UnitPriceSpecification",
        "price": plain_money(amount),
        "priceCurrency": "USD",
        "unitCode": "HUR",
        "unitText": "GPU-hour",
        "referenceQuantity": {"@type": "QuantitativeValue", "value": 1, "unitCode": "HUR"},
    }
