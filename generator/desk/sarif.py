"""Findings as SARIF 2.1.0, which code hosts and editors show beside the lines of a text."""

from collections.abc import Iterable, Mapping
from typing import Any

from generator.desk.checks.rules import RULES, VERSION
from generator.desk.drafts import Draft, Finding

_LEVELS = {"block": "error", "warn": "warning"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(found: Mapping[Draft, Iterable[Finding]] | Iterable[tuple[Draft, Iterable[Finding]]]) -> dict[str, Any]:
    """A log of one run: each finding with its rule, its text, and where it stands (characters and lines from 1)."""
    pairs = found.items() if isinstance(found, Mapping) else found
    results = [_result(draft, finding) for draft, findings in pairs for finding in findings]
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": _driver()}, "results": results}]}


def _driver() -> dict[str, Any]:
    rules = (
        {
            "id": rule.name,
            "shortDescription": {"text": f"{rule.words[:1].upper()}{rule.words[1:]}."},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        }
        for rule in RULES
    )
    return {"name": "cloudgpus-content-check", "version": f"{VERSION}.0.0", "rules": list(rules)}


def _result(draft: Draft, finding: Finding) -> dict[str, Any]:
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.place}: {finding.message}"},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": f"{draft.slug}.md"}, **_region(draft, finding)}}
        ],
    }


def _place(draft: Draft, finding: Finding) -> dict[str, Any]:
    return {"artifactLocation": {"uri": f"{draft.slug}.md"}, **_region(draft, finding)}


def _region(draft: Draft, finding: Finding) -> dict[str, Any]:
    """Where it stands in the text; a finding of another place has none."""
    if finding.place != "text":
        return {}
    before = draft.markdown[: finding.start]
    region = {
        "startLine": before.count("\n") + 1,
        "startColumn": len(before) - (before.rfind("\n") + 1) + 1,
        "charOffset": finding.start,
        "charLength": max(finding.end - finding.start, 0),
    }
    return {"region": region}
