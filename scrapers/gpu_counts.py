"""How many GPUs a raw name or instance type states, and whether they are whole.

"8x H100", "H100x8", "gpu_8x_h100_sxm5" and "A100:4" state a count; "1/2 L4" and "0.5x A100" a share of one GPU;
"A100 1g.5gb" and "GRID A100-10C" a slice, whose share the name does not state.  Numbers that count something else
(lanes, CPUs, RAM, the index of a GPU) are ignored.
"""

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from math import gcd
from typing import NamedTuple

# Below, _B and _E are word boundaries that take "_" for punctuation.
_B, _E = r"(?<![^\W_])", r"(?![^\W_])"
_MARKS = re.compile(r"[®™©]|\((?:r|tm|c)\)")  # between words of a name: "GeForce(R) RTX"
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-") | dict.fromkeys("×✕✖", "x") | {"⁄": "/"})
_MODEL = (
    r"(?:rtx(?:\W?pro)?|gtx|titan|quadro|gaudi|mi|gh|gb(?=\d{3})|[ablhptv])\W?\d"  # what the name of a GPU begins with
)

_NO_MODEL = rf"{_B}(?<!{_B}\d[.,])(?<!gaudi[\s_-])"  # neither "2.5x" nor "Gaudi 3 GPU", which is one

_OTHER_NUMBERS = re.compile(
    "|".join(
        (
            r"\(?uuid:? ?[\w-]+\)?",  # nvidia-smi -L
            rf"^\W*gpu ?\d{{1,2}}\s*:|^\W*(?:[\da-f]{{4}}:)?[\da-f]{{2}}:[\da-f]{{2}}\.\d{_E}",  # index, bus address
            rf"\(?{_B}rev\.? [\da-f]{{2}}{_E}\)?",
            r"^[\w./-]+\.(?:com|io|net)/[\w./-]+\s*[=:]\s*(?=\w*[a-z])",  # a label of Kubernetes
            rf"(?<=pcie|ress)(?:\W*gen)?\W*[3-6](?:\.0)?\W*x\W?(?:16|8|4){_E}|(?<=pcie|ress)\W*x\W?16{_E}",  # lanes
            rf"{_B}\d{{1,3}}\s?v?cpus?(?:[\W_]+\d{{1,4}}\s?g(?:i?b)?(?:[\W_]*ram)?)?{_E}",
            rf"[._]?{_B}\d{{1,3}}[vc][-_ ]\d{{1,4}}gb?{_E}|[._]\d{{1,3}}v{_E}",  # "56V_600G", "12c-120g", ".30V"
            rf"{_B}\d{{1,5}}\s?(?:g|t)i?b\W*(?:ram|ddr[45]|disk|ssd|nvme){_E}",
            rf"{_B}\d[\d.]*\s?[gt]b(?:it)?/?p?s{_E}",  # of the network
            r"\(1 gpu slice\)",  # Google's price list calls a GPU of a machine so
        )
    )
)
_PROFILE = r"[-_ ](?:\d{1,2}|141|180)[abcq]"  # of a vGPU, by its memory: A100-10C, A16-2Q, A100-1-5C
# MIG profiles ("1g.10gb"), vGPU profiles ("GRID A100-10C"), and words; TITAN V GPUs are whole.
_SLICE = re.compile(
    rf"{_B}mig{_E}|{_B}(?:mig)?(?:[1-7]c\.)?[1-7]g[\W_]?\d{{1,3}}gb(?:\+\w+)?(?![^\W_])|"
    rf"(?:[\W_]\d)?{_PROFILE}(?=\W*$|\s|\))|{_B}grid(?=\W.*{_PROFILE}\W*$)|"
    rf"(?<!titan[-_ ]){_B}v[-_]?gpus?{_E}|"
    rf"{_B}(?:shared|slices?|fraction(?:al)?|partition(?:ed)?|time\W?slic(?:ed|ing)){_E}"
)
# "1/2", "1/2 of an", "0.25x", ".5": a fraction of one GPU, if `_ratio` agrees.
_SHARE = re.compile(
    rf"(?:{_B}x\s*)?(?<![\w.,/)])(?:(\d{{1,2}})\s?/\s?(\d{{1,2}})|0?([.,]\d{{1,3}}))"
    r"(?:\s*x|\s+of(?:\s+an?)?|\s*gpu)?(?![^\W_]|[.,/]\d|\s?g)"
)
# "50% of a", "half an".
_PERCENT = re.compile(rf"{_B}(\d{{1,2}})\s?%(?: of(?: an?)?{_E})?|{_B}(half)(?: of)?(?: an?)?{_E}")
_COUNTS: tuple[re.Pattern[str], ...] = tuple(
    map(
        re.compile,
        (
            rf"{_NO_MODEL}(\d{{1,3}})(?:\.00?)?\s*[x*]{_E}(?!\s*\d{{1,3}}{_E}(?!\s*g))",  # 8x, 8 x
            rf"{_NO_MODEL}(\d{{1,3}})[x*](?=[a-z])",  # 8xh100
            rf"{_B}(\d{{1,2}})x\d+v\d+gb{_E}",  # 2x8v16gb: two, with 8 CPUs and 16 GB
            rf"{_B}[x*]\s*(\d{{1,3}}){_E}|{_B}x(\d{{1,2}})(?={_MODEL})",  # x8, x 8, x8h100
            # h100x8, but no mx450, and no t4x4x16, which is a T4 with 4 CPUs and 16 GB
            rf"(?<=[a-z\d])(?<!{_B}rt)(?<!{_B}gt)(?<!{_B}m)(?<!x\d)(?<!x\d\d)[x*](\d{{1,2}}){_E}",
            rf"{_NO_MODEL}(1[0-6]|\d)[\s_-]?gpu{_E}|{_NO_MODEL}(\d{{1,3}})[\s_-]?gpus{_E}",
            r"(?<=[a-z\d)])\s?:\s?(\d{1,2})\W*$",  # a100:8
            rf"{_B}(1[0-6]|\d)-(?=\d{{2,3}}gb?\W*$)",  # l40s-8-48g
            rf"^\W*(1[0-6]|\d)(?=[\s_-]*{_MODEL})",  # 8h100, 8 h100
            rf"^\W*(1[0-6]|\d)(?=\s+(?:nvidia|amd|intel|geforce|tesla|quadro|titan|instinct|radeon){_E})",
        ),
    )
)
_WORDS = {"dual": "2x", "quad": "4x"}
_IN_WORDS = re.compile(rf"{_B}(?:dual|quad){_E}")
_ANY_COUNT = re.compile("|".join(pattern.pattern for pattern in _COUNTS))  # one search instead of ten, where none is


class StatedCount(NamedTuple):
    """How many GPUs a name states.

    `gpu_count` is None where it states none; `share` is 1 for whole GPUs, below 1 for a part of one, None for a slice
    of unknown size.  `name` is the rest, in lower case.  `is_clear` is False for contradictions ("8x ... 4 GPUs").
    """

    gpu_count: int | None
    share: Fraction | None
    name: str
    rule: str
    is_clear: bool = True


def fold(text: str) -> str:
    """The text in lower case, without trade marks and invisible characters, with one kind of dash and of times sign."""
    plain = _MARKS.sub(" ", text.casefold())
    if plain.isascii():
        return plain
    plain = unicodedata.normalize("NFKC", plain).casefold()
    seen = "".join(character for character in plain if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFKC", seen).translate(_DASHES)


def stated_count(text: str) -> StatedCount:
    """The count and the share that a raw name states."""
    folded = without_other_numbers(fold(text))
    share, rest, stated_share = _share(folded)
    found, name = _counted(rest)
    counts = {count for count, _ in found}
    if len(counts) > 1 or 0 in counts or (share and counts - {1}):
        stated = " and ".join(
            f'"{text}"' for text in (*(text for _, text in found), *([stated_share] if share else []))
        )
        return StatedCount(None, Fraction(1), name, f"{stated}: expected one count above 0", is_clear=False)
    count = next(iter(counts), None)
    if slice_ := _SLICE.search(folded):
        return StatedCount(count, None, without_slice(name), f'slice "{slice_[0].strip()}"')
    if share:
        return StatedCount(None, share, name, f'share "{stated_share}"')
    return StatedCount(count, Fraction(1), name, f'count "{found[0][1]}"' if found else "")


def without_other_numbers(folded: str) -> str:
    """Folded text without the numbers that count anything but GPUs or their memory."""
    return _OTHER_NUMBERS.sub(" ", folded)


def without_count(folded: str) -> str:
    """Folded text without its count."""
    return _counted(folded)[1]


def is_slice(folded: str) -> bool:
    """Whether folded text names a part of a GPU: a MIG slice, a profile of a vGPU, "shared"."""
    return bool(_SLICE.search(folded))


def without_slice(folded: str) -> str:
    """Folded text without the words for a part of a GPU."""
    return _SLICE.sub(" ", folded)


def _counted(folded: str) -> tuple[list[tuple[int, str]], str]:
    """Each count with the text that states it, and the rest."""
    found: list[tuple[int, str]] = []
    folded = _IN_WORDS.sub(lambda match: _WORDS[match[0]], folded)
    if not _ANY_COUNT.search(folded):
        return found, folded
    for pattern in _COUNTS:
        matches = pattern.finditer(folded)
        found += [(int(next(filter(None, match.groups()))), match[0].strip()) for match in matches]
        folded = pattern.sub(" ", folded)
    return found, folded


def _share(folded: str) -> tuple[Fraction | None, str, str]:
    """The share of a GPU, the text without it, and how it is stated; "10/12" or "16/32" are memory sizes."""
    if match := _PERCENT.search(folded):
        share = Fraction(int(match[1]), 100) if match[1] else Fraction(1, 2)
        return (share or None), _PERCENT.sub(" ", folded, count=1), match[0].strip()
    for match in _SHARE.finditer(folded):
        share = (
            Fraction(Decimal(f"0{match[3].replace(',', '.')}")) if match[3] else _ratio(int(match[1]), int(match[2]))
        )
        if 0 < share < 1:
            return share, f"{folded[: match.start()]} {folded[match.end() :]}", match[0].strip()
    return None, folded, ""


def _ratio(part: int, whole: int) -> Fraction:
    """The two numbers as a fraction; 0 where they can't be a share of a GPU."""
    return Fraction(part, whole) if 0 < part < whole <= 16 and gcd(part, whole) == 1 else Fraction(0)
