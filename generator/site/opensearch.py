"""opensearch.xml: how a browser adds the site's search to its own."""

from html import escape

from generator import urls
from generator.model.page import Site

_XML = """<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
<ShortName>{name}</ShortName>
<Description>Prices of GPUs to rent, by GPU, provider or machine type</Description>
<InputEncoding>UTF-8</InputEncoding>
<Image width="16" height="16" type="image/svg+xml">{icon}</Image>
<Url type="text/html" template="{search}?q={{searchTerms}}"/>
</OpenSearchDescription>
"""
_LONGEST_NAME = 16


def opensearch(site: Site) -> dict[str, bytes]:
    """The file, by its path in the output folder."""
    told = _XML.format(
        name=escape(site.name[:_LONGEST_NAME]),
        icon=escape(urls.absolute(site.url, urls.asset("favicon.svg"))),
        search=escape(urls.absolute(site.url, urls.SEARCH)),
    )
    return {urls.output_file(urls.OPENSEARCH): told.encode()}
