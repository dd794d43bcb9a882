"""A text without what has no value or does not hold today.

What goes is a sentence; with its last sentence a paragraph, list item or heading; a table's row with any of its cells;
then a table without its headings or rows, or a list without items, with the sentence that announces it, and headings
without a text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.prose.bound import Block, Document

_LISTS = {"bullet_list", "ordered_list"}
_BLANK = re.compile(r"\n{3,}")
# A sentence that begins so speaks of the one before it, and goes with it.
_SPEAKS_OF_THE_LAST = re.compile(
    r"(?:This|That|These|Those|It|They|Its|Their|Which|Both|Neither|Either|The former|The latter|So|Hence|Therefore|"
    r"But|And|Yet|However)\b"
)


@dataclass(frozen=True, slots=True)
class Edits:
    """What takes the place of each binding (None: nothing can) and whether each claim holds.

    Of a claim that can't be told (None), neither its sentences nor the others are shown.
    """

    shown: Mapping[str, str | None]
    told: Mapping[str, bool | None]


def without(document: Document, edits: Edits) -> str:
    """The text with its figures, without what can't be said today; where nothing goes, every character stays."""
    lost = _Lost(document, edits)
    lost.read(document.root)
    figures = [(one.start, one.end, edits.shown[one.source] or "") for one in document.bindings]
    cuts = [*figures, *_tags(document, edits), *((start, end, "") for start, end in lost.spans)]
    text = _edited(document.text, cuts)
    return _BLANK.sub("\n\n", text).strip("\n") if lost.spans else text


def _tags(document: Document, edits: Edits) -> Iterator[tuple[int, int, str]]:
    """The tags of claims, and the sentences that are not those of the day."""
    for claim in document.claims:
        kept = claim.said if edits.told[claim.source] else claim.otherwise
        if kept == (0, 0):
            kept = claim.said
        yield claim.start, kept[0], ""
        yield kept[1], claim.end, ""


def _edited(text: str, cuts: Iterable[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for start, end, shown in sorted(cuts, key=lambda cut: (cut[0], -cut[1])):
        if start >= at:
            parts += [text[at:start], shown]
            at = end
        elif end > at:
            at = end
    return "".join([*parts, text[at:]])


class _Lost:
    """The parts of a text that go: from where to where."""

    def __init__(self, document: Document, edits: Edits) -> None:
        self.spans: list[tuple[int, int]] = []
        self._text, self._edits = document.text, edits
        self._starts = [0]
        for line in document.text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def read(self, block: Block) -> bool:
        """Note what goes of a block; returns whether nothing of it is left."""
        if block.sentences:
            return self._of_sentences(block)
        if block.kind == "table":
            return self._of_table(block)
        if not block.children:
            return False
        gone = [self.read(child) for child in block.children]
        if any(gone) or self.spans:
            gone = self._hollow(block.children, gone)
        for child, is_gone in zip(block.children, gone, strict=True):
            if is_gone:
                self._lines(child)
        return all(gone)

    def _of_sentences(self, block: Block) -> bool:
        lost = [self._is_lost(block, sentence) for sentence in block.sentences]
        for n in range(1, len(lost)):
            start, end = block.sentences[n]
            lost[n] = lost[n] or (lost[n - 1] and bool(_SPEAKS_OF_THE_LAST.match(self._text[start:end])))
        if all(lost):
            return True
        last = max(n for n, is_lost in enumerate(lost) if not is_lost)
        starts = [start for start, _ in block.sentences]
        self.spans += [(starts[n], starts[n + 1]) for n in range(last) if lost[n]]
        if last + 1 < len(lost):
            self.spans.append((block.sentences[last][1], block.sentences[-1][1]))
        return False

    def _is_lost(self, block: Block, sentence: tuple[int, int]) -> bool:
        start, end = sentence
        hidden: list[tuple[int, int]] = []
        for claim in block.claims:
            if start < claim.end and claim.start < end:
                told = self._edits.told[claim.source]
                if told is None or (not told and claim.otherwise == (0, 0)):
                    return True
                hidden.append(claim.otherwise if told else claim.said)
        return any(
            start <= one.start < end
            and self._edits.shown[one.source] is None
            and not any(a <= one.start < b for a, b in hidden)
            for one in block.bindings
        )

    def _of_table(self, table: Block) -> bool:
        rows = [row for part in table.children if part.kind == "tbody" for row in part.children]
        lost = [row for row in rows if any(self._has_lost(cell) for cell in row.children)]
        parts = [row for part in table.children if part.kind == "thead" for row in part.children]
        is_headless = any(self._has_lost(cell) for row in parts for cell in row.children)
        if is_headless or (lost and len(lost) == len(rows)):
            return True
        for row in lost:
            self._lines(row)
        return False

    def _has_lost(self, cell: Block) -> bool:
        return any(self._is_lost(cell, sentence) for sentence in cell.sentences)

    def _hollow(self, blocks: Sequence[Block], gone: list[bool]) -> list[bool]:
        """What goes of these blocks, with what announces what is gone and headings that have no text any more."""
        gone = [*gone]
        for n, block in enumerate(blocks):
            announced = n > 0 and gone[n] and block.kind in {"table", *_LISTS}
            if announced and blocks[n - 1].kind == "paragraph" and self._announces(blocks[n - 1]):
                gone[n - 1] = True
        following = 0  # level of the heading that comes next; 0 at the end, 9 for text
        for n in reversed(range(len(blocks))):
            if gone[n]:
                continue
            level = blocks[n].level
            if level and following <= level:
                gone[n] = True
            else:
                following = level or 9
        return gone

    def _announces(self, paragraph: Block) -> bool:
        return self._text[self._starts[paragraph.first] : self._starts[paragraph.until]].rstrip().endswith(":")

    def _lines(self, block: Block) -> None:
        self.spans.append((self._starts[block.first], min(self._starts[block.until], len(self._text))))
