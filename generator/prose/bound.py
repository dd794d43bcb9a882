"""Bindings and claims as Markdown's parser sees them: tokens of our own, and where each stands in the text.

`{{ floor:h100-sxm }}` is a binding.  `{% claim cheaper_than:h100-sxm:h200-sxm %}It is cheaper.{% endclaim %}` is a
claim, whose sentences are shown while it is true; `{% else %}` before its end begins those shown while it is not.
In code, and after a backslash, braces are only braces.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

_MARK = re.compile(r"\{\{([^{}\n]*)\}\}|\{%\s*(claim(?=\s)|else|endclaim)([^{}%\n]*)%\}")
_TYPES = {"claim": "claim_open", "else": "claim_else", "endclaim": "claim_close"}
_LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}")
# Not after a usual abbreviation; what follows may be a quotation mark, a bracket, emphasis, a binding or a claim.
_END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bapprox)(?<!\bNo)(?<!\bU\.S)[.!?][”’\"')\]]*(?=\s+[“‘\"'(\[*_{]*[^\Wa-z_]|\s*$"
    r"|\s+\{[{%])"
)


@dataclass(frozen=True, slots=True)
class Binding:
    """A binding: `source` is "floor:h100-sxm", at `start` to `end` of the text."""

    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim from `start` to `end`, tags and all; its sentences are at `said` and `otherwise`: (0, 0) for none.

    `problem` says what is wrong with its tags; "" for nothing.
    """

    source: str
    start: int
    end: int
    said: tuple[int, int]
    otherwise: tuple[int, int] = (0, 0)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that are shown as they stand, without markup, from `start` of the text; `is_code` in code."""

    text: str
    start: int
    is_code: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list, item, table, row or the like, as lines from `first` until before `until`.

    `level` is a heading's; `sentences` are from and to where each stands in the text.
    """

    kind: str
    first: int
    until: int
    level: int = 0
    children: tuple["Block", ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()
    runs: tuple[Run, ...] = ()
    bindings: tuple[Binding, ...] = ()
    claims: tuple[Claim, ...] = ()

    def all(self) -> Iterator["Block"]:
        """This block and all within it, in order."""
        yield self
        for child in self.children:
            yield from child.all()


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its blocks."""

    text: str
    root: Block

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """All bindings, in order."""
        return tuple(one for block in self.root.all() for one in block.bindings)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims, in order."""
        return tuple(one for block in self.root.all() for one in block.claims)

    @property
    def left_over(self) -> tuple[Run, ...]:
        """Braces that are no part of a binding or a claim."""
        runs = (run for block in self.root.all() for run in block.runs)
        return tuple(
            Run(found[0], run.start + found.start(), run.is_code)
            for run in runs
            for found in _LEFT_OVER.finditer(run.text)
        )

    def words(self, start: int, end: int) -> str:
        """What is shown of a part of the text, without its markup; a binding as its source."""
        shown = [(run.start, run.text) for block in self.root.all() for run in block.runs]
        shown += [(one.start, f"{{{{ {one.source} }}}}") for one in self.bindings]
        return "".join(text for at, text in sorted(shown) if start <= at < end)


def plugin(parser: MarkdownIt) -> None:
    """Let a parser find bindings and claims."""
    parser.inline.ruler.after("escape", "marks", _mark)


def _mark(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "{" or not (found := _MARK.match(state.src, state.pos)):
        return False
    if not silent:
        token = state.push(_TYPES[found[2]] if found[2] else "binding", "", 0)
        token.content, token.markup = (found[3] if found[2] else found[1]).strip(), found[0]
        token.meta = {"at": state.pos}
    state.pos = found.end()
    return True


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").use(plugin)
    parser.disable("image")
    return parser


@lru_cache(maxsize=256)
def parse(text: str) -> Document:
    """The text with its blocks; the parser is that of the pages."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return Document(text, _block(SyntaxTreeNode(_parser().parse(text)), _Lines(lines, starts), (0, len(lines))))


@dataclass(slots=True)
class _Lines:
    lines: list[str]
    starts: list[int]
    cursor: int = 0

    def places(self, content: str, first: int) -> list[int]:
        """Where each character of an inline token's content stands in the text."""
        found: list[int] = []
        for number, part in enumerate(content.split("\n"), first):
            line, start = self.lines[number], self.starts[number]
            at = line.find(part, max(self.cursor - start, 0))
            at = max(line.find(part) if at < 0 else at, 0)
            found += range(start + at, start + at + len(part) + 1)
            self.cursor = start + at + len(part)
        return found


def _block(node: SyntaxTreeNode, lines: _Lines, outer: tuple[int, int]) -> Block:
    first, until = outer if node.is_root else node.map or outer
    level = int(node.tag[1]) if node.type == "heading" else 0
    inline = next((child for child in node.children if child.type == "inline"), None)
    if inline is not None:
        return _of_inline(node.type, (first, until), level, _Inline(inline, lines, first))
    if node.type in {"fence", "code_block"}:
        return Block(node.type, first, until, runs=(Run(node.content, lines.starts[first], is_code=True),))
    children = tuple(_block(child, lines, (first, until)) for child in node.children)
    return Block(node.type, first, until, level, children)


def _of_inline(kind: str, span: tuple[int, int], level: int, inline: "_Inline") -> Block:
    return Block(kind, *span, level, (), inline.sentences(), inline.runs, inline.bindings, inline.claims())


class _Inline:
    """What stands in one inline token: the runs, bindings and claims, and where."""

    def __init__(self, node: SyntaxTreeNode, lines: _Lines, first: int) -> None:
        token = node.token
        self.content = token.content if token else ""
        self.places = lines.places(self.content, node.map[0] if node.map else first)
        self.tags: list[tuple[str, str, int, int]] = []
        self.ends: list[int] = []
        self.bindings: tuple[Binding, ...] = ()
        self.runs: tuple[Run, ...] = ()
        self._read(token.children or [] if token else [])

    def _at(self, position: int) -> int:
        return self.places[min(position, len(self.places) - 1)] if self.places else 0

    def _read(self, children: Sequence[Token]) -> None:
        cursor = depth = 0
        href = ""
        runs, bindings, titles = [], [], []
        for token in children:
            depth += token.nesting
            href = str(token.attrGet("href") or "") if token.type == "link_open" else href
            titles += [str(token.attrs["title"])] if "title" in token.attrs else []
            if token.type == "link_close":
                after, href = self._after_link(cursor), ""
                runs += [Run(title, self._at(self._place(title, cursor)[0])) for title in titles]
                cursor, titles = after, []
            elif token.type == "binding" or token.type in _CLAIM_TAGS:
                at, cursor = token.meta["at"], token.meta["at"] + len(token.markup)
                if token.type == "binding":
                    bindings.append(Binding(token.content, self._at(at), self._at(cursor - 1) + 1))
                else:
                    self.tags.append((token.type, token.content, at, cursor))
            elif token.type in {"softbreak", "hardbreak"}:
                cursor = self.content.find("\n", cursor) + 1
                runs.append(Run("\n", self._at(cursor - 1)))
            elif token.type in {"text", "code_inline"}:
                at, cursor = self._place(token.content, cursor)
                runs.append(Run(token.content, self._at(at), token.type == "code_inline", href))
                if not depth and token.type == "text":
                    self.ends += [end.end() for end in _END.finditer(self.content, at, cursor)]
        self.runs, self.bindings = tuple(runs), tuple(bindings)

    def _place(self, said: str, cursor: int) -> tuple[int, int]:
        """From where to where characters stand that may be written with backslashes or as entities."""
        at = self.content.find(said, cursor)
        if at >= 0:
            return at, at + len(said)
        written = "".join(rf"(?:\\?{re.escape(one)}|&[#\w]{{1,32}};)" for one in said)
        found = re.compile(written).search(self.content, cursor)
        return found.span() if found else (cursor, cursor)

    def _after_link(self, cursor: int) -> int:
        opens = self.content.find("](", cursor)
        return self.content.find(")", opens) + 1 if opens >= 0 else cursor

    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Where each sentence stands; a claim's begin and end with it."""
        inner = {end for _, _, _, end in self.tags} | {start for _, _, start, _ in self.tags}
        cuts = sorted({0, *(end for end in self.ends if end not in inner), *self._claim_edges(), len(self.content)})
        spans = [(a, b) for a, b in pairwise(cuts) if self.content[a:b].strip()]
        return tuple((self._at(a + _indent(self.content[a:b])), self._at(b - 1) + 1) for a, b in spans)

    def _claim_edges(self) -> Iterator[int]:
        """The ends of claims whose last sentence ends within them."""
        for kind, _, start, end in self.tags:
            said = self.content[:start].rstrip()
            if kind == "claim_close" and said.endswith((".", "!", "?")):
                yield end
            elif kind == "claim_open" and (not said or said.endswith((".", "!", "?"))):
                yield start

    def claims(self) -> tuple[Claim, ...]:
        """The claims, also those whose tags are wrong."""
        return tuple(self._claims())

    def _claims(self) -> Iterator[Claim]:
        opened: tuple[str, int, int] | None = None
        other: tuple[int, int] | None = None
        for kind, source, start, end in self.tags:
            if kind == "claim_open":
                if opened:
                    yield self._wrong(opened, "a claim within a claim; expected {% endclaim %} before the next one")
                opened, other = (source, start, end), None
            elif opened is None:
                yield self._wrong((source, start, end), "no claim begins before this; expected {% claim ... %} first")
            elif kind == "claim_else" and other:
                yield self._wrong((source, start, end), "a second {% else %} in a claim; expected one at most")
            elif kind == "claim_else":
                other = (start, end)
            else:
                yield self._claim(opened, other, (start, end))
                opened = None
        if opened:
            yield self._wrong(opened, "the claim does not end in its paragraph; expected {% endclaim %}")

    def _claim(self, opened: tuple[str, int, int], other: tuple[int, int] | None, closed: tuple[int, int]) -> Claim:
        said = (opened[2], other[0] if other else closed[0])
        otherwise = (self._at(other[1]), self._at(closed[0])) if other else (0, 0)
        where = (self._at(said[0]), self._at(said[1]))
        return Claim(opened[0], self._at(opened[1]), self._at(closed[1] - 1) + 1, where, otherwise)

    def _wrong(self, tag: tuple[str, int, int], problem: str) -> Claim:
        source, start, end = tag
        return Claim(source, self._at(start), self._at(end - 1) + 1, (0, 0), problem=problem)


_CLAIM_TAGS = {*_TYPES.values()}


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
