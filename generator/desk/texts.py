"""Guides and texts about workloads as drafts, and back: a file's front matter without its review."""

import hashlib
import subprocess
from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from generator import urls
from generator.desk.drafts import Draft
from generator.prose import reviewed
from generator.prose.texts import KINDS, Citation, ReviewedText
from generator.settings import ROOT

REVIEW = ("reviewed_by", "reviewed_on", "reviewed_hash")
_IN_COLUMNS = {"slug", "title", "description", "text", *REVIEW}
_SOURCES: TypeAdapter[tuple[Citation, ...]] = TypeAdapter(tuple[Citation, ...])
_ADAPTERS: Mapping[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in KINDS.items()}


def page_slug(text: ReviewedText) -> str:
    """The slug of a text's page: "guides/spot"."""
    return urls.page_slug(text.path)


def draft_of(text: ReviewedText) -> Draft:
    """A text as a draft of its page."""
    stated = _ADAPTERS[text.page_type].dump_python(text, mode="json")
    front = {name: value for name, value in stated.items() if name not in _IN_COLUMNS}
    front["sources"] = [{name: value for name, value in one.items() if value is not None} for one in front["sources"]]
    return Draft(page_slug(text), text.page_type, text.title, text.description, text.text, {}, front)


def text_of(draft: Draft, review: Mapping[str, Any] | None = None) -> ReviewedText:
    """A draft of a guide or workload as such a text.  Raises BrokenContent where it lacks what that needs."""
    fields = {
        **draft.front,
        **(review or {}),
        "slug": draft.slug.rpartition("/")[2],
        "title": draft.title,
        "description": draft.description,
        "text": draft.markdown,
    }
    return reviewed.of_fields(KINDS[draft.page_type], fields, draft.slug)


def sources_of(draft: Draft) -> tuple[Citation, ...]:
    """The sources that a draft's figures may name; none where its front matter has none that can be read."""
    try:
        return _SOURCES.validate_python(draft.front.get("sources", ()))
    except ValidationError:
        return ()


def file_hash(text: ReviewedText) -> str:
    """The SHA-256 of a file's text and review, in hex: whether it is the one that was last imported."""
    review = (text.reviewed_by, text.reviewed_on, text.reviewed_hash)
    return hashlib.sha256(orjson.dumps((draft_of(text).hash, review))).hexdigest()


@cache
def commit_of(file: str) -> str | None:
    """The last commit of a file (its path from the root); None outside a repository, and for a file with changes."""
    try:
        changes = _git("status", "--porcelain", "--", file)
        return _git("log", "-1", "--format=%H", "--", file) or None if not changes else None
    except (OSError, subprocess.SubprocessError):
        return None


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=10, check=True)
    return done.stdout.strip()
