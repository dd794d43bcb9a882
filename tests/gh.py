"""A stand-in for GitHub's program gh, which keeps one issue in the file that GH_ISSUE names."""

import json
import os
import sys
from pathlib import Path

FILE = Path(os.environ["GH_ISSUE"])


def main(what: str, verb: str, *rest: str) -> None:
    """Do what `gh issue` and `gh label` do, as far as the project uses them."""
    if problem := os.environ.get("GH_REFUSES"):
        sys.exit(problem)
    issue = json.loads(FILE.read_text("utf-8")) if FILE.exists() else None
    if (what, verb) == ("issue", "list"):
        json.dump([{name: issue[name] for name in ("number", "state", "body")}] if issue else [], sys.stdout)
    elif (what, verb) == ("issue", "create"):
        keep({"number": 1, "state": "OPEN", "body": sys.stdin.read(), "labels": [rest[rest.index("--label") + 1]]})
        sys.stdout.write("https://git.example/issues/1\n")
    elif what == "issue":
        assert rest[0] == str(issue["number"])
        change = {"edit": "body", "close": "state", "reopen": "state"}[verb]
        keep({**issue, change: {"edit": sys.stdin.read, "close": lambda: "CLOSED", "reopen": lambda: "OPEN"}[verb]()})
    else:
        assert (what, verb) == ("label", "create")


def keep(issue: dict[str, object]) -> None:
    FILE.write_text(json.dumps(issue), "utf-8")


main(*sys.argv[1:])
