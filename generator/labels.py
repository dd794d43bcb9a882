"""The database's codes in words for visitors.  Models keep the codes; templates and sentences choose the words."""

from collections.abc import Mapping

PRICING: Mapping[str, str] = {
    "on_demand": "On demand",
    "spot": "Spot",
    "monthly": "Monthly",
    "reserved_1y": "Reserved, 1 year",
    "reserved_3y": "Reserved, 3 years",
}
AVAILABILITY: Mapping[str, str] = {
    "available": "Available",
    "limited": "Limited",
    "waitlist": "Waiting list",
    "sold_out": "Sold out",
    "contact_sales": "Contact sales",
    "deprecated": "Being retired",
}
PROVIDER_TYPES: Mapping[str, str] = {
    "hyperscaler": "Hyperscaler",
    "specialized_neocloud": "GPU cloud",
    "regional_cloud": "General-purpose cloud",
    "bare_metal": "Bare metal",
    "marketplace": "Marketplace",
    "depin": "Decentralised network",
}
SEGMENTS: Mapping[str, str] = {"hyperscaler": "Hyperscalers", "cloud": "GPU clouds", "marketplace": "Marketplaces"}
EXCLUSIONS: Mapping[str, str] = {
    "partly": "not read on enough of the days",
    "left": "not read on the last day",
    "not_on_demand": "sells it here only as interruptible, or without its host",
    "gpu_only": "a price of the GPU alone, without the machine",
    "bundle": "a price of a platform with its software",
}
SOURCE_CLASSES: Mapping[str, str] = {
    "marketplace_api": "Marketplace API",
    "provider_api": "Provider's API",
    "price_page": "Price page",
    "stated": "Checked by hand",
}
SOURCE_ERRORS: Mapping[str, str] = {
    "": "failed",
    "unavailable": "not reached",
    "changed": "its answer could not be read any more",
    "implausible": "doubtful as a whole: nothing was stored",
    "key_missing": "a key is needed",
    "key_refused": "the key was refused",
    "not_dated": "its recording has no date",
    "robots": "its robots.txt asks not to",
    "tls": "no safe connection",
    "tls_date": "its certificate is out of date",
    "database_busy": "not stored in time",
    "unknown_currency": "no exchange rate",
}
VERDICTS: Mapping[str, str] = {
    "": "not judged yet",
    "ours": "our price is right",
    "theirs": "the reading is right",
    "both": "both are right, for different products or days",
    "neither": "neither could be confirmed",
}


def segment_of(provider_type: str) -> str:
    """The segment of a kind of provider, as `cloudgpus.segment_of` has it."""
    if provider_type == "hyperscaler":
        return "hyperscaler"
    return "marketplace" if provider_type in {"marketplace", "depin"} else "cloud"
