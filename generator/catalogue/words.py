"""Slices in words, for people: "offers by GPU: h100-sxm".

What the database's writers move has its words here; an aggregate's are how its docstring begins.
"""

import re

from generator.catalogue.slices import Slice, words_of_view

_BREAK = re.compile("[:;] ")

TABLES = {
    "gpus": "a GPU's specs",
    "providers": "facts about a provider",
    "provider_figures": "a provider's figures",
    "shown_offers": "number of offers of a GPU",
    "terms_by_provider": "terms of a provider",
    "offers_by_gpu": "offers by GPU",
    "offers_by_provider": "offers by provider",
    "answers": "answers that a provider's prices were read from",
    "stats_by_gpu": "market figures by GPU",
    "floors_by_gpu": "each provider's lowest price by GPU",
    "floors_by_provider": "lowest price of each GPU by provider",
    "features_by_gpu": "lowest price with each feature by GPU",
    "confirmed": "day on which a ranked price was last read, by GPU",
    "placed_by_gpu": "offers at a stated place by GPU",
    "placed_by_provider": "offers at a stated place by provider",
    "trends": "price history by GPU",
    "earlier_floors": "lowest price a month ago by GPU",
    "reference_trends": "others' readings by GPU",
    "price_events": "observed price changes by GPU",
    "histories": "prices of a GPU at a provider, step by step",
    "crowded_pairs": "which providers have more offers of a GPU than a table takes",
    "price_spans": "which providers have stored prices of which GPUs",
    "seller_days": "each seller's price history by GPU",
    "incomplete_readings": "others' readings that are not of whole machines, by GPU",
    "availability_by_gpu": "availability by GPU",
    "availability_by_provider": "availability by provider",
    "held_back_by_gpu": "prices held back by GPU",
    "held_back_by_provider": "prices held back by provider",
    "disagreements_by_gpu": "disagreements by GPU",
    "disagreements_by_provider": "disagreements by provider",
    "scheduled_by_gpu": "announced prices by GPU",
    "scheduled_by_provider": "announced prices by provider",
    "sold_by_gpu": "sold without a price by GPU",
    "sold_by_provider": "sold without a price by provider",
    "prose": "reviewed words",
    "offers": "all offers",
    "gpu_names": "spellings of GPU names",
    "listed_gpus": "list of GPUs, with their figures",
    "listed_providers": "list of providers, with their figures",
    "sellers": "who sells which GPU on demand",
    "watched_since": "since when prices are read live",
    "source_status": "how the last reading of each source went",
    "readings_left_out": "others' readings that are left out",
    "moves": "price moves in others' readings",
    "held_back": "all that is held back",
    "disagreements": "all disagreements",
    "guides": "published guides",
    "methodology_versions": "the methodology's versions",
    "workloads": "published texts about workloads",
    "methodology": "the methodology's text",
    "day": "the UTC day",
    "everything": "everything",
}


def in_words(name: str) -> str:
    """A slice in words."""
    kind, args = Slice.named(name)
    words = TABLES.get(kind) or _BREAK.split(words_of_view(kind))[0]
    return f"{words}: {', '.join(args) or 'none'}" if args else words
