"""A small database and a content folder, and what builds them into a site."""

from datetime import date

import pytest

from generator.database import runs
from generator.ingest import store
from generator.pages import registry
from generator.prose import reviewed
from generator.settings import Settings
from generator.site import build, changes, links, other_files, site_catalogue
from tests.sql import samples

SITE = "https://gpus.example/prices"
GUIDE = """---
title: What is a node?
description: A machine with several GPUs, and why it is let whole.
summary: A node is one machine.
author: CloudGPUs
published_on: 2026-02-01
sources:
  - title: One
    url: https://one.example/
  - title: Two
    url: https://two.example/
---

## Nodes

A node is one machine with several GPUs.
"""


@pytest.fixture
def content(tmp_path, monkeypatch):
    """A content folder with one guide, which nobody reviewed."""
    folder = tmp_path / "content"
    (folder / "guides").mkdir(parents=True)
    (folder / "methodology.md").write_text("As it is.")
    (folder / "guides" / "nodes.md").write_text(GUIDE, "utf-8")
    monkeypatch.setattr(site_catalogue, "CONTENT", folder)
    return folder


@pytest.fixture
def prices(connection):
    """A database with an offer of two providers each."""
    samples.add_gpu(connection)
    for slug in ("nimbus", "kestrel"):
        samples.add_provider(connection, slug)
    run = runs.start(connection, samples.START, "live", "v1")
    for number, slug in enumerate(("nimbus", "kestrel"), 2):
        offers = [samples.offer(slug, number, instance_name="<script>alert(1)</script>")]
        store.store(connection, samples.run(0, offers, provider=slug, run_id=run))
    runs.finish(connection, run)
    connection.commit()
    return connection


@pytest.fixture
def made(prices, content, tmp_path):
    """What builds this database into tmp_path/site."""

    def build_it(out=None, site=SITE, **options):
        return build.build(prices, Settings(site_url=site), out or tmp_path / "site", build.Options(**options))

    return build_it


@pytest.fixture
def shop(connection, tmp_path, monkeypatch):
    """Four GPUs, two providers of which each sells two; what stores their prices of an hour and builds the site."""
    (tmp_path / "guides").mkdir()
    (tmp_path / "methodology.md").write_text("As it is.")
    monkeypatch.setattr(site_catalogue, "CONTENT", tmp_path)
    for number, slug in enumerate("abcd"):
        samples.add_gpu(connection, slug, 10 ** (number + 1))
    for slug in ("ash", "elm"):
        samples.add_provider(connection, slug, source_class="price_page")

    def at(hours, **prices):
        run = runs.start(connection, samples.after(hours), "live", "v1")
        for name, gpus in (("ash", "ab"), ("elm", "cd")):
            offers = [samples.offer(gpu, prices.get(gpu, 10 ** "abcd".index(gpu)), gpu_slug=gpu) for gpu in gpus]
            store.store(connection, samples.run(hours, offers, provider=name, run_id=run, source_class="price_page"))
        runs.finish(connection, run)
        connection.commit()
        return build.build(connection, Settings(site_url="https://gpus.example"), tmp_path / "site")

    return at


def replace_page_types(monkeypatch, types):
    """Have these page types instead of those of the folder."""
    monkeypatch.setattr(registry, "_by_name", lambda: {one.name: one for one in types})
    for module in (build, changes, links, other_files):
        monkeypatch.setattr(module, "page_types", lambda: types)


def linking(content, text, slug="nodes", related=""):
    """An approved guide with a text."""
    file = content / "guides" / f"{slug}.md"
    head = GUIDE.partition("## Nodes")[0].replace("What is", f"What, {slug}, is")
    file.write_text(head.replace("author:", f"related: [{related}]\nauthor:") + text, "utf-8")
    reviewed.approve(file, "Jo Doe", date(2026, 3, 2))
