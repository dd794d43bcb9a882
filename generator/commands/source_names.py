"""sources names: what raw GPU names mean, without a database."""

import sys
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO

import click

from generator.commands.console import print_json
from generator.commands.options import json_option
from generator.database.seed_files import Seeds
from generator.settings import ROOT
from scrapers.parse import memory_gb
from scrapers.raw_names import Meaning, RawNames


@click.command("names")
@click.argument("files", nargs=-1, type=click.File("rb"))
@json_option
def names(files: tuple[BinaryIO, ...], as_json: bool) -> None:
    """Say what raw GPU names mean: variant and count, and by which rule.

    Reads FILES, or standard input ("-"): a name or machine type per line, optionally a tab and the memory of each GPU
    in GB.  Blank lines are skipped.  Prints a line for each name, three fields with tabs between them:

    \b
      name    as it was read
      answer  h100-sxm              this variant; the count is not stated
              8 x h100-sxm          eight of it
              share 1/2 of l4       a part of one GPU
              slice of a100-40gb    a part whose share is not stated; "slice" alone where the GPU is not known
              ambiguous a, b        one of these: the name says the chip, for example, but not its variant
              unknown               no known GPU
      rule    why

    \b
    Examples:
      build.py sources names < names.txt
      printf '8x NVIDIA H100 80GB HBM3\\nA100\\t80\\n' | build.py sources names
    """
    meaning_of = Seeds(ROOT / "sql" / "seed").raw_names
    answers = (_answer(meaning_of, line) for file in files or (sys.stdin.buffer,) for line in _lines(file))
    if as_json:
        print_json([_fields(name, meaning) for name, meaning in answers])
        return
    lines = ("\t".join((name, in_words(meaning), _printable(meaning.rule))) + "\n" for name, meaning in answers)
    sys.stdout.writelines(lines)


def in_words(meaning: Meaning) -> str:
    """The answer in the words of the command's help."""
    times = f"{meaning.gpu_count} x " if meaning.gpu_count else ""
    of_gpu = f" of {meaning.slug}" if meaning.slug else ""
    match meaning.kind:
        case "variant":
            return f"{times}{meaning.slug}"
        case "share":
            return f"share {meaning.share}{of_gpu}"
        case "slice":
            return f"slice{of_gpu}"
        case "chip" | "ambiguous":
            return f"ambiguous {', '.join(meaning.candidates)}"
        case "unknown":
            return "unknown"


def _lines(file: BinaryIO) -> Iterator[bytes]:
    first = True
    for line in file:
        found = line.removeprefix(b"\xef\xbb\xbf") if first else line
        first = False
        if found.strip():
            yield found.strip(b"\r\n")


def _answer(names_: RawNames, line: bytes) -> tuple[str, Meaning]:
    try:
        name, _, memory = line.decode().partition("\t")
    except UnicodeDecodeError:
        return _printable(line.decode(errors="replace")), _unknown("not UTF-8; expected a name in UTF-8")
    try:
        stated = memory_gb(memory)
    except ValueError as error:
        return _printable(name), _unknown(f"{error}; expected GB of each GPU after the tab, such as 80")
    return _printable(name), names_.meaning(name.strip(), stated)


def _unknown(rule: str) -> Meaning:
    return Meaning("unknown", None, None, None, (), rule)


def _printable(text: str) -> str:
    """Text that stays in its field: no tab, no line break, nothing that moves a terminal's cursor."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if unicodedata.category(character).startswith(("C", "Z")) else character for character in text)


def _fields(name: str, meaning: Meaning) -> dict[str, object]:
    share = meaning.share if meaning.kind == "share" else None
    return {
        "name": name,
        "answer": in_words(meaning),
        "kind": "ambiguous" if meaning.kind == "chip" else meaning.kind,
        "gpu": meaning.slug,
        "count": meaning.gpu_count,
        "share": Decimal(share.numerator) / share.denominator if share else None,
        "candidates": list(meaning.candidates),
        "rule": meaning.rule,
    }
