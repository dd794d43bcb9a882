"""What a raw name means as a whole: which GPU, how many, or which share of one.

A raw name is what a provider or a tool writes: "8x NVIDIA H100 80GB HBM3", "gpu_8x_h100_sxm5", "p5.48xlarge".  A
machine type of the table is looked up; any other name is split into its count and the GPU's name.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from scrapers.gpu_counts import StatedCount, fold, stated_count
from scrapers.gpu_names import GpuNames, Resolution, sizes, without_sizes

_TOTAL = re.compile(r"(?<![^\W_])(?:total|combined)(?![^\W_])")  # the memory is that of all GPUs
# Sellers' own codes around a GPU's name, as in their price lists of August 2026, and what replaces them.
_CODES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Google, list of SKUs: "Commitment v1: Nvidia L4 GPU running in Mumbai for 1 Year"
    (re.compile(r"^(?:commitment v\d:|spot preemptible|reserved|dws calendar mode(?: a\d)?|a\d(?= nvidia))\s"), " "),
    (re.compile(r"\s(?:attached to (?:spot preemptible|dws defined duration) vms|running in)(?:\s.*)?$"), " "),
    (re.compile(r"\sin \w+ in calendar mode$"), " "),
    # Google, accelerator types: the A100 of 80 GB is "nvidia-a100-80gb"
    (re.compile(r"(?:^|(?<=gke-accelerator=)|(?<=gke-accelerator: ))nvidia-tesla-a100$"), "a100 40gb"),
    (re.compile(r"(?<=\d)\.(\d{2,3})s(?=\.\d{1,3}v)"), r" \1gb sxm "),  # Verda: 1H100.80S.30V
    (re.compile(r"(?:^|(?<=:))n[1-3]-(?=[a-z])"), ""),  # Hyperstack: n3-RTX-A6000x4
    (re.compile(r"(?<=\w)-[a-d](?=[_ ]\d+gpu)"), ""),  # Nebius: gpu-l40s-a_1gpu-8vcpu-32gb
)
_ALL_MEMORY = re.compile(r"^vcg-(.+?)-\d+c-\d+g-(\d+)vram$")  # Vultr's: all GPUs' memory, as of August 2026

Kind = Literal["variant", "chip", "share", "slice", "ambiguous", "unknown"]


class MachineType(NamedTuple):
    """The GPUs of a cloud's machine type; `share` is below 1 where it has a part of one."""

    slug: str
    kind: Literal["variant", "chip"]
    gpu_count: int
    share: Fraction


class Meaning(NamedTuple):
    """What a raw name means, and the rule that decided.

    `kind` is "share" or "slice" for a part of a GPU: `slug` is then the whole GPU's, where that is known.
    `gpu_count` is None where the name states none.  `candidates` are the GPUs that an ambiguous name may mean.
    """

    kind: Kind
    slug: str | None
    gpu_count: int | None
    share: Fraction | None
    candidates: tuple[str, ...]
    rule: str


class RawNames:
    """What raw names mean, given the names of GPUs, the machine types, and sellers' names that may come first."""

    def __init__(self, names: GpuNames, machines: Mapping[str, MachineType], sellers: Iterable[str]) -> None:
        self._names = names
        self._machines = {machine_key(name): machine for name, machine in machines.items()}
        spelt = {form for seller in map(fold, sellers) for form in (seller, re.sub(r"[\W_]", "", seller))}
        words = sorted(spelt, key=lambda word: (-len(word), word))
        named = rf"^(?:{'|'.join(map(re.escape, words))})(?:cloud|compute|labs|ai)?"
        self._seller, self._cloud = re.compile(rf"{named}[_:/]+\s*(?=.)"), re.compile(rf"{named}[\s_:/-]+(?=.)")
        self.meaning = lru_cache(maxsize=4096)(self._meaning)

    def _meaning(self, text: str, memory_gb: Decimal | None = None) -> Meaning:
        """What a raw name means, where `memory_gb` is stated for each GPU; a chip comes with its variants."""
        found = self._meant(text, memory_gb)
        if found.kind != "chip" or found.slug is None:
            return found
        return found._replace(candidates=self._names.variants(found.slug))

    def _meant(self, text: str, memory_gb: Decimal | None) -> Meaning:
        machine = self._machine(machine_key(text))
        if machine:
            return _of_machine(machine)
        folded = fold(text).strip()
        for code, meant in _CODES:
            folded = code.sub(meant, folded)
        if all_memory := _ALL_MEMORY.match(folded):
            return self._of_memory(all_memory[1], Decimal(all_memory[2]))
        found = self._of_name(folded, memory_gb)
        rest = self._seller.sub("", folded)
        if found.kind == "unknown" and rest != folded:
            found = self._of_name(rest, memory_gb)
        return found

    def _machine(self, key: str) -> MachineType | None:
        """The machine type of a key, or of what is left without a region in parentheses and the cloud's name."""
        bare = self._cloud.sub("", re.sub(r"\s*\([^()]*\)$", "", key))
        return self._machines.get(key) or self._machines.get(machine_key(bare))

    def _of_name(self, folded: str, memory_gb: Decimal | None) -> Meaning:
        stated = stated_count(folded)
        if not stated.is_clear:
            return Meaning("unknown", None, None, None, (), stated.rule)
        if stated.share != 1:
            return self._part(stated, memory_gb)
        found, total = self._names.resolve(stated.name, memory_gb), self._by_total(stated, memory_gb)
        if total and (_TOTAL.search(folded) or (found.kind == "unknown" and not found.candidates)):
            found = total
        elif total and found.slug and total.slug and not self._names.are_kin(found.slug, total.slug):
            both = tuple(sorted((found.slug, total.slug)))
            found = Resolution(None, "unknown", f"{found.rule} each; or {total.rule}", both)
        return _of_gpu(stated, found)

    def _of_memory(self, name: str, all_gb: Decimal) -> Meaning:
        """What a name means whose GPUs have so much memory in total: some whole ones, or a share of one."""
        found = self._names.resolve(name)
        vram = self._names.vram_gb(found.slug) if found.slug else None
        if not vram:
            return _of_gpu(StatedCount(None, Fraction(1), name, ""), found)
        gpus = Fraction(all_gb) / Fraction(vram)
        if gpus.denominator > 1 and gpus.numerator > 1:
            rule = f"{found.rule}, whose {vram:f} GB do not divide {all_gb:f} GB"
            return Meaning("unknown", None, None, None, (), rule)
        rule = f"{found.rule}; {all_gb:f} GB in all"
        if gpus < 1:
            return Meaning("share", found.slug, None, gpus, (), rule)
        return Meaning(found.kind, found.slug, int(gpus), Fraction(1), (), rule)

    def _by_total(self, stated: StatedCount, memory_gb: Decimal | None) -> Resolution | None:
        """The variant where the one size in the name is that of all its GPUs together."""
        if memory_gb is not None or stated.gpu_count in (None, 1):
            return None
        named = sizes(stated.name)
        if len(named) != 1:
            return None
        each = named[0] / (stated.gpu_count or 1)
        found = self._names.resolve(without_sizes(stated.name), each)
        rule = f"{found.rule}, {named[0].normalize():f} GB in all"
        return found._replace(rule=rule) if found.slug else None

    def _part(self, stated: StatedCount, memory_gb: Decimal | None) -> Meaning:
        if stated.share is None:
            found = self._names.resolve(stated.name)
            return Meaning(
                "slice", found.slug, stated.gpu_count, None, found.candidates, f"{stated.rule}; {found.rule}"
            )
        share = Decimal(stated.share.numerator) / stated.share.denominator
        found = self._names.resolve(stated.name, memory_gb, share)
        return Meaning("share", found.slug, None, stated.share, found.candidates, f"{stated.rule}; {found.rule}")


def _of_machine(machine: MachineType) -> Meaning:
    if machine.share < 1:
        return Meaning("share", machine.slug, None, machine.share, (), "machine type")
    return Meaning(machine.kind, machine.slug, machine.gpu_count, machine.share, (), "machine type")


def _of_gpu(stated: StatedCount, found: Resolution) -> Meaning:
    kind: Kind = "ambiguous" if found.kind == "unknown" and found.candidates else found.kind
    rule = f"{stated.rule}; {found.rule}" if stated.rule else found.rule
    return Meaning(kind, found.slug, stated.gpu_count, Fraction(1), found.candidates, rule)


def machine_key(name: str) -> str:
    """A machine type's spelling without case and the prefixes that a cloud's own documents leave out."""
    folded = fold(name).strip()
    if re.match(r"standard|n[cdgv]+\d", folded):
        folded = re.sub(r"[\s_]+", "_", folded)
    return re.sub(r"^standard_|^ml\.|_promo$", "", folded)
