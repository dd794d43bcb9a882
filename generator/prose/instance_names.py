"""How to read a provider's name for a machine: the parts that state what is known of it anyway, and no others."""

import re

from generator.model.blocks import GpuLine
from generator.prose.clauses import listed
from generator.prose.markdown import literal

_COUNTS = (
    r"(?<![a-z0-9.]){n}x(?=[^0-9]|$)",
    r"(?<=[a-z0-9])x{n}(?![0-9])",
    r"(?<=[-_]){n}g(?![a-z0-9])",
    r"(?<=\.){n}$",
)
_FORM = r"(?<![a-z])(sxm\d?|pcie|nvl)(?![a-z])"


def parts_of_name(name: str, count: str, gpu: GpuLine, chip: str | None) -> str:
    """A sentence on the parts of a machine's name; "" where it does not state the number of GPUs."""
    number = _stated(name, *(one.format(n=count) for one in _COUNTS)) if count.isdecimal() else ""
    if not number:
        return ""
    memory = _stated(name, rf"(?<!\d){gpu.vram_gb}\s?gb?(?![a-z0-9])") if gpu.vram_gb else ""
    form = _stated(name, _FORM)
    is_form = bool(form) and gpu.form_factor.lower().startswith(form.lower()[:3])
    stated = {
        "is the number of GPUs": number,
        "the chip": _stated(name, re.escape(chip)) if chip else "",
        "the memory of each": memory,
        "the form factor": form if is_form else "",
    }
    parts = [f"“{literal(part)}” {what}" for what, part in stated.items() if part]
    return f"In the provider’s name for it, “{literal(name)}”, {listed(parts)}."


def _stated(name: str, *patterns: str) -> str:
    """The first of these that a name has; "" for none."""
    found = (re.search(one, name, re.IGNORECASE) for one in patterns)
    return next((one[0] for one in found if one), "")
