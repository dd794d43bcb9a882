"""Lists, figures, commands and links in the documents agree with the code."""

import ast
import re
import shlex
from datetime import timedelta
from typing import get_args

import click
import pytest

from generator.catalogue.views import held_back
from generator.commands import main
from generator.database import clocks, recovery
from generator.desk.checks.rules import RULES
from generator.desk.generators import chat, fact_sheet, model
from generator.ingest import disagreements, refresh
from generator.prose import figures, predicates, texts
from generator.publishing import compression, publish
from generator.settings import ROOT, Settings
from generator.site import removals
from scrapers import api_keys, contract, http, http_answers, offer, row_parser, run, sources, workers
from scrapers.providers import aws
from tests.sql import privileges

DOCUMENTS = [
    ROOT / name
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "docs/api.md",
        "docs/editors.md",
        "docs/operations.md",
        "docs/sources.md",
    )
]
TEXTS = {file.name: file.read_text("utf-8") for file in DOCUMENTS}
COMMAND = re.compile(r"`((?:\w+=\S+ )?build\.py\b[^`]*)`|^ {4,}(?!\$)(.*\bbuild\.py .*)$", re.MULTILINE)


def section(document, heading):
    """The text under a heading, up to the next heading."""
    return re.split(r"(?m)^#+ ", TEXTS[document].partition(f"\n## {heading}\n")[2])[0]


def listed(text, column=0):
    """The code words in one column of a table, without those in brackets."""
    cells = [line.split("|")[1:][column] for line in text.splitlines() if line.startswith("| ")]
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", re.sub(r"\([^)]*\)", "", cell))}


def anchors(text):
    """The ids of the headings, as GitHub makes them."""
    headings = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_links_lead_to_files_and_headings(file):
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", file.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        linked = file.parent / path if path else file
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked.read_text("utf-8")), target


@pytest.mark.parametrize("name", ["operations.md", "sources.md"])
def test_the_contents_list_every_section(name):
    before, *sections = re.split(r"(?m)^## ", TEXTS[name])
    assert re.findall(r"(?m)^- \[(.+)\]\(#", before) == [one.partition("\n")[0] for one in sections]


def commands():
    """What follows build.py in every command line of the documents."""
    for name, text in TEXTS.items():
        for match in COMMAND.finditer(text):
            written = match[1] or match[2]
            inner = re.search(r"\$\(([^)]*build\.py[^)]*)\)", written)  # as an argument of another program
            line = (inner[1] if inner else written).partition("build.py")[2]
            yield pytest.param(line, id=f"{name}: build.py{line[:60]}")


def meant(words):
    """The command that the first words name; these are removed from the list."""
    command = main
    while isinstance(command, click.Group) and words:
        found = command.get_command(None, words[0])
        if not found:
            break
        command = found
        words.pop(0)
    return command


@pytest.mark.parametrize("line", list(commands()))
def test_a_command_line_is_understood(line):
    words = shlex.split(re.sub(r"[\[\])]|\.\.\.", " ", line), comments=True)
    command = meant(words)
    is_complete = not isinstance(command, click.Group) or command is main or not words
    assert is_complete or words[0].startswith("-"), words
    options = {name for one in command.params for name in one.opts} | {"--help", "--json"}
    assert {word for word in words if word.startswith("--")} - {"--"} <= options


def test_the_table_of_commands_has_all_of_them():
    text = section("README.md", "Commands")
    for name in main.list_commands(None):
        (row,) = [line for line in text.splitlines() if line.startswith(f"| `build.py {name}")]
        named = {words.split()[0] for words in re.findall(r"`([^`]+)`", row)}
        assert set(getattr(meant([name]), "commands", ())) <= named


def test_the_table_of_settings_has_all_of_them():
    names = {
        "DATABASE_URL" if field == "database_url" else f"CLOUDGPUS_{field.upper()}" for field in Settings.model_fields
    }
    assert listed(section("README.md", "Settings")) == names | {"CLOUDGPUS_KEY_<PROVIDER>"}
    assert listed(section("operations.md", "Settings")) <= names
    assert set(re.findall(r"CLOUDGPUS_\w+", TEXTS["editors.md"])) <= names


def codes():
    """Every error code that stands in the source as a string."""
    last = {"FetchFailed": 0, "_changed": -1, "_hold_back": 1}
    files = [file for folder in ("scrapers", "generator") for file in (ROOT / folder).rglob("*.py")]
    for node in [node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))]:
        if isinstance(node, ast.Call):
            stated = [one.value for one in node.keywords if one.arg == "code"]
            place = last.get(getattr(node.func, "id", ""))
            found = [*stated, *([node.args[place]] if place is not None and node.args else [])]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            names = node.targets if isinstance(node, ast.Assign) else [node.target]
            found = [node.value] if any(getattr(one, "id", "") == "code" for one in names) else []
        else:
            continue
        for value in found:
            branches = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            yield from (one.value for one in branches if isinstance(one, ast.Constant) and one.value)


def test_every_code_of_an_error_is_documented():
    of_many = {f"many_{rule}" for rule in contract._OF_THE_ANSWER}
    never_raised = {"scrape_error", "unavailable"}  # base classes: what is raised has a code of its own
    documented = listed(section("sources.md", "An answer is refused"))
    assert documented - of_many - {"http_...", "..."} == set(codes()) - never_raised
    assert {"many_price_jump", "many_price_band", "many_unreadable"} <= documented & of_many


def test_the_rules_and_verdicts_of_the_documents_are_those_of_the_code():
    assert listed(section("sources.md", "A price is held back")) == held_back.RULES.keys()
    assert listed(section("sources.md", "Where the rows of an answer go")) == row_parser.RULES.keys()
    assert listed(section("sources.md", "Others read another price")) == set(get_args(disagreements.Verdict))


def test_the_tables_that_only_the_owner_writes_are_named():
    (row,) = [line for line in section("operations.md", "Roles").splitlines() if line.startswith("| bookkeeping")]
    assert set(re.findall(r"`(\w+)`", row)) == privileges.BOOKKEEPING


def test_recovery_is_described_as_it_is_rehearsed():
    text = section("operations.md", "Point-in-time recovery") + TEXTS["operations.md"].partition("### When it")[2]
    stated = recovery._ARCHIVING.strip().splitlines() + recovery._RECOVERING.strip().splitlines()
    for line in (line.format(archive="/mnt/elsewhere/wal", target="2026-08-22 14:29:59+00") for line in stated):
        assert re.search(rf"(?m)^ +{re.escape(line)}$", text), line


def default(path):
    """The number of rows that a command lists without --most."""
    return next(one.default for one in meant(path.split()).params if one.name == "most")


POLICY, LIMITS = http.Policy(), contract.Limits()
FIGURES = [
    ("asks 64 providers at a time", run.AT_ONCE, 64),
    ("each within two minutes", offer.Provider("a", "A", "").patience_seconds, 120),
    ("(AWS, whose prices stand in a hundred files, five)", aws.PROVIDER.patience_seconds, 300),
    ("at most two requests a second", POLICY.requests_per_second, 2),
    ("two at a time for each host", POLICY.at_once_per_host, 2),
    ("the refresh waits, half a minute at most", POLICY.retry_after_seconds, 30),
    ("confirmed within the hour", refresh.CONFIRMED_LATELY, timedelta(hours=1)),
    ("has 2 GB of memory", workers.MEMORY_BYTES, 2 * 2**30),
    ("More than 2,000 rows on a page", sources._MOST_ON_A_PAGE, 2_000),
    ("100,000 in another answer", row_parser.RowParser("a row", list, list).at_most, 100_000),
    ("(AWS: 500,000)", aws.offers.at_most, 500_000),
    ("512 MB in all", run.MOST_BYTES, 512 * 2**20),
    ("over ten times as many offers as are stored", LIMITS.times, 10),
    ("over twice as many where that is more than 5,000", (LIMITS.times_of_many, LIMITS.many), (2, 5_000)),
    ("Up to 200 are never too many", LIMITS.few, 200),
    ("with less than half of the stored", LIMITS.remaining, 0.5),
    ("more than a fifth of its rows", float(LIMITS.wrong), 0.2),
    ("give or take a tenth", float(contract.AGREES_WITHIN), 0.1),
    ("half an hour later or more", contract.AGREES_AFTER, timedelta(minutes=30)),
    ("for two days at most", contract.KEPT_FOR, timedelta(days=2)),
    ("has more than 200,000 rules", http_answers._ROBOTS_RULES, 200_000),
    ("shorter than 8 characters", api_keys.SHORTEST, 8),
    ("more than 5 % apart", float(disagreements.APART), 0.05),
    ("30 days away at most", disagreements.LIKE_DAYS, 30),
    ("The list shows the newest 50", default("sources quarantine"), 50),
    ("--most N lists more than 50", default("sources unmapped"), 50),
    ("the newest 20; --most N lists more", default("sources captures"), 20),
    ("to ten minutes", clocks.TOLERANCE, timedelta(minutes=10)),
    ("over 100 kB", texts.TEXT_LENGTH, 100_000),
    ("fewer than 20 of 100 providers", Settings.model_fields["fresh_providers"].default, 20),
    ("an answer of 1 MB", chat.BODY_BYTES, 2**20),
    ("8,000 tokens", chat.MOST_TOKENS, 8_000),
    ("is asked three times in all", 1 + chat.WAITS, 3),
    ("in `Retry-After`, a minute at most", chat.LONGEST_WAIT, 60),
    ("200 characters of each", fact_sheet.QUOTE_LENGTH, 200),
    ("block goes back to the model twice at most", model.REPAIRS, 2),
    ("each text over 1 kB", compression._SMALLEST, 1_000),
    ("putting at that moment (64 at most)", publish._BATCH, 64),
    ("`--keep 3` generations", next(one.default for one in meant(["publish"]).params if one.name == "keep"), 3),
    ("more than a fifth of the pages, and more than five", (removals._SHARE, removals.FEW), (5, 5)),
]


@pytest.mark.parametrize(("words", "figure", "stated"), FIGURES, ids=[words for words, *_ in FIGURES])
def test_a_figure_of_the_documents_is_the_code_s(words, figure, stated):
    assert words in " ".join(" ".join(TEXTS.values()).split())
    assert figure == stated


def test_editors_are_told_every_binding_claim_and_rule():
    figures_and_claims = section("editors.md", "Figures and claims")
    told = set(re.findall(r"`(\w+)(?::[^`]*)?`", figures_and_claims))
    assert told >= figures.FUNCTIONS.keys() | predicates.PREDICATES.keys()
    rules = section("editors.md", "What the checks ask")
    assert re.findall(r"^\| `([\w-]+)`", rules, re.MULTILINE) == [rule.name for rule in RULES]
