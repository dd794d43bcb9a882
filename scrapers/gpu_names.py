"""GPU names as providers write them -> the variant or chip they mean, by aliases that are data.

A name is read in three parts: the name proper, its qualifiers (words such as "pcie" or "hbm3") and the
memory it states.  Name and qualifiers make its `key`; aliases say what a key means, alone or with a
memory size.  A qualifier that no alias has is left out only where it is true of the GPU, and memory that
contradicts never is: such a name stays unknown until a person decides.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import combinations
from typing import Literal, NamedTuple

from scrapers.gpu_counts import fold, is_slice, without_count, without_other_numbers, without_slice

Kind = Literal["variant", "chip"]

# Below, (?<![^\W_]) and (?![^\W_]) are word boundaries that take "_" for punctuation.
_NOISE = re.compile(  # words that tell no two GPUs apart, even within another word
    r"nvidia|amd|intel|habana|geforce|tesla|radeon|instinct|graphics|tensor\W*core|gpus?|generation|edition|"
    r"superchip|grace|bare\W*metal"
)
_WORDS = re.compile(  # those that tell none apart as whole words only
    r"(?<![^\W_])(?:"
    + "|".join(
        (
            # what lspci adds to the name
            r"advanced micro devices,? inc|corporation|(?<=/)ati|(?:3d|vga compatible|display) controller",
            r"(?:g[abhmkpv]|ad|tu)\d{3}(?:gl)?(?=\s*\[)|(?:vega|navi) ?\d\d(?=\s*\[)",
            r"aqua vanjaram|aldebaran/mi200|arcturus gl-xl",
            # labels, paths of attributes, --gres
            r"capabilities|class|gres|interface|model|product|type|vendor",
            r"(?:ai )?accelerators?|cards?|data\W?cent(?:er|re)|ecc|v?ram|memory|with|w(?=/)|each|per|total|hbm",
            # the vendor's editions of one GPU, and how it is run
            r"(?<=ada[\s_-])gen|founders|fe|oc|turbo|blower|lhr|high\W?freq(?:uency)?|(?:compute|graphics)\W?mode|compute",
            r"(?:air|liquid|water)\W?cooled|[al]c|mcm|mba|servers?|workstations?",
            # how it is rented
            r"on\W?demand|spot|preemptible|interruptible|reserved|secure|community|cloud|serverless|clusters?",
            r"instances?|vms?|dedicated|bm|nodes?|small|medium|large|form (?:un|not )stated",
            # the network and the processor of the machine
            r"ib|infiniband|roce|rdma|efa|eth(?:ernet)?|epyc|xeon|threadripper|naples|rome|milan|genoa|turin",
            r"(?:sky|cascade|cooper|ice)\W?lake|(?:sapphire|emerald|granite)\W?rapids|haswell|broadwell",
        )
    )
    + r")(?![^\W_])"
)
# GB, MB or TB, also run together with a form factor or a suffix ("SXM80GB"), but not the decimals of another number.
_MEMORY = re.compile(
    r"(?:(?<![^\W_])|(?<=sxm)|(?<=pcie)|(?<=nvl)|(?<=ti)|(?<=ada)|(?<=super))(?<!(?<![^\W_])\d[.,])(?<!(?<![^\W_])\d\d[.,])"
    r"(?:(\d{1,4}(?:\.\d{1,2})?)(?:\s*gi?[bo]|\s?gi?)|(\d{1,3},?\d{3})\s*mi?b|(\d(?:\.\d{1,2})?)\s?tb)(?![^\W_])"
)
# A form factor and the memory run together: "SXM80", "SXM480GB" is an SXM4 of 80 GB, "NVL94"; but NVL72 is a rack.
_FORM_AND_SIZE = re.compile(r"(sxm(?:2(?=16|32)|[3-6])?(?=\d{2,3}(?!\d))|nvl(?=(?:94|141)(?!\d)))")
# "A10080GB", "RTX4090-24", "L40S48": perhaps digits of the name, followed by those of its memory.
_SIZE_AT_END = re.compile(r"(.*?)(-?)(\d+)(gi?b?)?")
_REWRITTEN = (
    (re.compile(r"rtx[\W_]*(\d[05]00)[\W_]*pro(?![^\W_])"), r"rtx pro \1 "),  # RTX 6000 Pro
    (re.compile(r"(rtx[\W_]*pro[\W_]*\d[05]00(?:[\W_]*blackwell)?)[\W_]*(?:b?se|w[eks]|s)(?![^\W_])"), r"\1 "),
    (re.compile(r"(?<=\w)\+(?=\W*$)"), " or better"),  # "B200+" may be any newer one
)
# Qualifiers: words that may tell one GPU from another with the same name proper, and how they are spelt.
_PLAIN = ("oam", "hopper", "blackwell", "turing", "ampere", "volta", "pascal", "lovelace")
_MEMORY_TYPES = ("hbm2e", "hbm3e", "hbm2", "hbm3", "hbm4", "gddr5x", "gddr6x", "gddr5", "gddr6", "gddr7")
_QUALIFIERS: Mapping[str, re.Pattern[str]] = {
    "sxm": re.compile(r"sxm(?:[\s_-]?[2-6])?(?!\d)|(?<![^\W\d_])[dh]gx(?![^\W\d_])"),
    "pcie": re.compile(r"pci(?:\W*express|e|\We(?![^\W\d_]))?(?:\W*gen\W*[3-6])?"),
    **{word: re.compile(word) for word in (*_PLAIN, *_MEMORY_TYPES)},
    "nvlink": re.compile(r"nv[\s_-]?(?:link|switch)"),
    "nvl": re.compile(r"nvl(?!\d)"),
    "mega": re.compile(r"(?<![^\W_])mega(?![^\W_])"),
    "mod": re.compile(r"(?<![^\W_])mod(?:ded|ified)?(?![^\W_])"),
}
# A link between cards, or Google's word for a faster network, does not change which card it is.  "mod" does: a card
# whose memory somebody changed is another one, and unknown unless an alias has it with that memory.
_NEUTRAL = frozenset({"nvlink", "mega"})
# A size is stated in GB, in GiB, or as what ECC and firmware leave: 22.4 for 24, 262 for 288, 192 for 180.
_LOWEST, _HIGHEST = Decimal("0.90"), Decimal("1.07")


class Alias(NamedTuple):
    """What a key means: with `memory_gb` only where that memory is stated, without it otherwise.

    The rest is known of the GPU, and reveals contradictions: `chip` is the slug of its chip, `vram_gb` its memory
    (None for a chip), then its form factor, memory type and architecture.
    """

    alias: str
    memory_gb: Decimal | None
    slug: str
    kind: Kind
    chip: str | None = None
    vram_gb: Decimal | None = None
    form_factor: str | None = None
    memory_type: str | None = None
    architecture: str | None = None

    @property
    def words(self) -> frozenset[str]:
        """The qualifiers that are true of this GPU."""
        return frozenset(_parts(fold(f"{self.form_factor} {self.memory_type} {self.architecture}")).qualifiers)


class Resolution(NamedTuple):
    """What a name means (`slug` None: unknown), and the rule that decided.

    `candidates` are the GPUs that an unknown name may mean.
    """

    slug: str | None
    kind: Literal["variant", "chip", "unknown"]
    rule: str
    candidates: tuple[str, ...] = ()


def key(name: str) -> str:
    """A name's normalised spelling: "NVIDIA A100-SXM4-80GB" and "8x A100 SXM" are both "a100 sxm".

    Lower case, without vendor words, counts, memory size and punctuation (a "-" stays between digits);
    qualifiers last, in alphabetical order.
    """
    return _parts(without_slice(fold(name))).key


def sizes(folded: str) -> tuple[Decimal, ...]:
    """The memory sizes that a folded name states, in GB."""
    return _parts(folded).sizes


def without_sizes(folded: str) -> str:
    """A folded name without its memory sizes."""
    return _MEMORY.sub(" ", folded)


class GpuNames:
    """What each name means, by aliases: `Alias` rows, or bare (alias, memory_gb, slug, kind)."""

    def __init__(self, aliases: Iterable[tuple[str, Decimal | None, str, Kind] | Alias]) -> None:
        self._by_key: dict[str, list[Alias]] = {}
        self._by_base: dict[str, list[Alias]] = {}
        self._sizes: dict[str, set[Decimal]] = {}
        self._chips: dict[str, str | None] = {}
        self._variants: set[str] = set()
        self._vram_gb: dict[str, Decimal | None] = {}
        for alias in (Alias(*row) for row in aliases):
            self._by_key.setdefault(alias.alias, []).append(alias)
            self._by_base.setdefault(alias.alias.partition(" ")[0], []).append(alias)
            self._chips[alias.slug], self._vram_gb[alias.slug] = alias.chip, alias.vram_gb
            self._variants |= {alias.slug} if alias.kind == "variant" else set()
            if alias.vram_gb is not None:
                self._sizes.setdefault(alias.slug, set()).add(alias.vram_gb)
                self._sizes.setdefault(alias.chip or alias.slug, set()).add(alias.vram_gb)

    def resolve(
        self,
        name: str,
        memory_gb: Decimal | None = None,
        gpu_share: Decimal = Decimal(1),
        *,
        plain_is_sxm: bool = True,
    ) -> Resolution:
        """The variant or chip that `name` means, where the offer states `memory_gb` for each GPU.

        With a share of a GPU, the stated memory may be the share's or the whole GPU's.  The name of a
        slice ("MIG 1g.10gb") without a share is unknown: its price is not a GPU's.  Without `plain_is_sxm`, a name
        that fits several forms of the chip ("A100 80GB", "H200") stays under the chip.
        """
        folded = without_other_numbers(fold(name))
        if gpu_share < 1:
            found = self._resolve_share(without_slice(folded), memory_gb, gpu_share)
        elif is_slice(folded):
            return _unknown(f'"{name}" is a slice of a GPU, and no share is stated')
        else:
            found = self._resolve(folded, memory_gb)
        return found if plain_is_sxm else self._as_far_as_stated(folded, found)

    def are_kin(self, one: str, other: str) -> bool:
        """Whether two slugs mean the same GPU, or GPUs with the same chip."""
        return one == other or self._chips.get(one) == self._chips.get(other) is not None

    def variants(self, chip: str) -> tuple[str, ...]:
        """The slugs of a chip's variants, in alphabetical order."""
        return tuple(sorted(slug for slug, of in self._chips.items() if of == chip and slug in self._variants))

    def vram_gb(self, slug: str) -> Decimal | None:
        """The memory of a GPU, in GB; None for a chip."""
        return self._vram_gb.get(slug)

    def _resolve_share(self, folded: str, memory_gb: Decimal | None, share: Decimal) -> Resolution:
        if memory_gb is None:
            return self._resolve(folded, None)
        meanings = [self._resolve(folded, memory_gb), self._resolve(folded, memory_gb / share)]
        variants = {meaning.slug: meaning for meaning in meanings if meaning.kind == "variant"}
        return variants.popitem()[1] if len(variants) == 1 else self._resolve(folded, None)

    def _resolve(self, folded: str, stated: Decimal | None) -> Resolution:
        name = _parts(folded)
        stating = [*name.sizes, *([stated] if stated else [])]
        if not all(_alike(stating[0], size) for size in stating[1:]):
            return _unknown(f'"{name.key}" with {_gb(stating, " and ")} at once')
        size = stating[0] if stating else None
        if name.base in self._by_base or name.sizes:
            return self._look_up(name, size)
        split = [meaning for meaning in self._with_size_at_end(name, size) if meaning.slug]
        return split[0] if len(split) == 1 else self._look_up(name, size)

    def _as_far_as_stated(self, folded: str, found: Resolution) -> Resolution:
        """The chip, where the name fits several of its forms that have the memory of the one found."""
        chip = self._chips.get(found.slug or "")
        if chip is None or found.kind == "chip":
            return found
        stated, vram = set(_parts(folded).qualifiers) - {"nvlink"}, self.vram_gb(found.slug or "")
        rows = self._by_base.get(key(chip), ())
        forms = {row.slug for row in rows if row.vram_gb == vram and row.chip == chip and stated <= row.words}
        if len(forms) < 2:
            return found
        return Resolution(chip, "chip", f"{found.rule}; a plain name may be {' or '.join(sorted(forms))} here")

    def _with_size_at_end(self, name: "_Name", size: Decimal | None) -> Iterator[Resolution]:
        """What a name may mean whose last digits are its memory: "a10080gb", "rtx4090-24".

        Digits without a unit count only where they are a nominal size, and don't turn the name of one GPU into another.
        """
        for base, end, has_unit in _ends(name.base):
            if base not in self._by_base or not (size is None or _alike(end, size)):
                continue
            found, plain = (self._look_up(name._replace(base=base), memory) for memory in (end, None))
            if has_unit or found.slug == plain.slug or (plain.kind != "variant" and end in self._nominal(found.slug)):
                yield found

    def _nominal(self, slug: str | None) -> set[Decimal]:
        return self._sizes.get(slug or "", set())

    def _look_up(self, name: "_Name", size: Decimal | None) -> Resolution:
        """The meaning with as few qualifiers left out as possible."""
        for number in range(len(name.qualifiers) + 1):
            meanings = [self._without(name, words, size) for words in combinations(name.qualifiers, number)]
            found = {meaning.slug: meaning for meaning in meanings if meaning}
            meant = sorted(slug for slug in found if slug)
            if len(meant) > 1:
                return _unknown(f'"{name.key}" could be {" or ".join(meant)}', meant)
            if found:
                return found[meant[0] if meant else None]
        return _unknown(f'no alias "{name.key}"')

    def _without(self, name: "_Name", left_out: tuple[str, ...], size: Decimal | None) -> Resolution | None:
        kept = name._replace(qualifiers=tuple(word for word in name.qualifiers if word not in left_out)).key
        rows = self._by_key.get(kept)
        if rows is None:
            return None
        row, rule = self._choose(kept, rows, size)
        if row is None:
            possible = {row.slug for row in rows if set(left_out) <= row.words | _NEUTRAL}
            return _unknown(rule, sorted(possible) if size is None and len(possible) > 1 else ())
        if not set(left_out) <= row.words | _NEUTRAL:
            return None
        return Resolution(row.slug, row.kind, rule + "".join(f', "{word}" left out' for word in left_out))

    def _choose(self, kept: str, rows: list[Alias], size: Decimal | None) -> tuple[Alias | None, str]:
        """The row for memory of this size, else the one for any size that the GPU comes with; and the rule."""
        sized = {row.memory_gb: row for row in rows if row.memory_gb is not None}
        near = [memory for memory in sized if size is not None and _agree(memory, size)]
        if size is not None and near:
            nearest = min(near, key=lambda memory: abs(memory - size))
            return sized[nearest], f'alias "{kept}" with {_gb([nearest])}'
        row = next((row for row in rows if row.memory_gb is None), None)
        known = self._sizes.get(row.slug, set()) if row else set(sized)
        if row and (size is None or not known or any(_agree(memory, size) for memory in known)):
            return row, f'alias "{kept}"'
        stated = _gb([size]) if size else "no memory"
        return None, f'"{kept}" comes with {_gb(known, " or ")}; the offer states {stated}'


class _Name(NamedTuple):
    base: str
    qualifiers: tuple[str, ...]
    sizes: tuple[Decimal, ...]

    @property
    def key(self) -> str:
        return " ".join((self.base, *self.qualifiers))


def _parts(folded: str) -> _Name:
    counted = _FORM_AND_SIZE.sub(r"\1 ", without_count(without_other_numbers(folded)))
    for spelt, meant in _REWRITTEN:
        counted = spelt.sub(meant, counted)
    sizes = tuple(_gigabytes(*size) for size in _MEMORY.findall(counted))
    rest = _NOISE.sub(" ", _WORDS.sub(" ", _MEMORY.sub(" ", counted)))
    qualifiers = []
    for word, pattern in _QUALIFIERS.items():
        rest, found = pattern.subn(" ", rest)
        qualifiers += [word] if found else []
    return _Name(_squash(rest), tuple(sorted(qualifiers)), sizes)


def _ends(base: str) -> Iterator[tuple[str, Decimal, bool]]:
    """The ways to cut a size off the end of a base: the rest, the size, and whether it has a unit."""
    if match := _SIZE_AT_END.fullmatch(base):
        stem, dash, digits, unit = match.groups()
        for cut in range(len(digits) if unit and not dash else 1):
            if digits[cut] != "0":
                yield stem + digits[:cut], Decimal(digits[cut:]), bool(unit)


def _gigabytes(gb: str, mb: str, tb: str) -> Decimal:
    """The size in GB, stated in one of the three units."""
    return Decimal(gb) if gb else round(Decimal(mb.replace(",", "")) / 1024, 1) if mb else Decimal(tb) * 1024


def _squash(text: str) -> str:
    """The text without punctuation, but a "-" where two digits would otherwise make another number."""
    return re.sub(r"(?<=\d)[\W_]+(?=\d)", "-", re.sub(r"^[\W_]+|[\W_]+$|(?<!\d)[\W_]+|[\W_]+(?!\d|[\W_])", "", text))


def _agree(known: Decimal, stated: Decimal) -> bool:
    return _LOWEST * known <= stated <= _HIGHEST * known


def _alike(one: Decimal, other: Decimal) -> bool:
    return _agree(one, other) or _agree(other, one)


def _gb(sizes: Iterable[Decimal], joined_by: str = "") -> str:
    return joined_by.join(f"{size.normalize():f} GB" for size in sorted(sizes))


def _unknown(rule: str, candidates: Iterable[str] = ()) -> Resolution:
    return Resolution(None, "unknown", rule, tuple(candidates))
