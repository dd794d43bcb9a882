"""What a workload needs of GPUs: figures that editors keep with their sources, and the memory that follows."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from generator.formats import figure, share
from generator.model import memory
from generator.model.workloads import MemoryNeed, Term
from generator.prose.fields import FORBID, PLAIN, SEEN, Slug, Url, line, words

Values = Mapping[str, Decimal]


class Measure(NamedTuple):
    """What a figure is, in words, with its unit."""

    label: str
    unit: str = ""


MEASURES: Mapping[str, Measure] = {
    "parameters_bn": Measure("Parameters", "billion"),
    "bytes_per_parameter": Measure("Bytes per parameter"),
    "layers": Measure("Layers"),
    "kv_heads": Measure("Key and value heads per layer"),
    "head_size": Measure("Size of a head"),
    "bytes_per_cached_value": Measure("Bytes per cached value"),
    "context": Measure("Tokens of each request"),
    "requests": Measure("Requests at once"),
    "usable_share": Measure("Share of the memory that the server fills"),
    "hidden_size": Measure("Hidden size"),
    "sequences": Measure("Sequences at once on each GPU"),
    "bytes_per_activation": Measure("Bytes kept per activation"),
    "memory_gb": Measure("Memory as the software states it", "GB"),
}
ASSUMED = frozenset({"context", "requests", "sequences"})
"""What is a choice of whoever runs the workload, so that it has no source."""


@dataclass(frozen=True, slots=True, config=FORBID)
class Figure:
    """A figure with the address where it is stated and the day on which it was read there; neither if assumed."""

    value: Annotated[Decimal, Field(gt=0, le=10**7)]
    source: Url | None = None
    checked_on: date | None = None


@dataclass(frozen=True, slots=True, config=FORBID)
class RunsOn:
    """The architectures, as `gpus.csv` has them, on which the software runs; `not_on` are GPUs of these without it."""

    architectures: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], ...], Field(min_length=1)]
    source: Url
    checked_on: date
    not_on: tuple[Slug, ...] = ()


class Formula(NamedTuple):
    """How memory follows from figures: in words, the figures that it takes, and the parts that they make."""

    words: str
    takes: tuple[str, ...]
    need: Callable[[Values], MemoryNeed]


@dataclass(frozen=True, slots=True, config=FORBID)
class Requirement:
    """What a workload needs.  `of` says what is run; `version` goes up with each change of a figure.

    `machines` is the number of equal machines that share the work, `network` what has to be between them.
    """

    version: Annotated[int, Field(ge=1)]
    of: Annotated[str, line(200), PLAIN, SEEN]
    formula: Literal["inference", "training", "weights", "stated"]
    figures: dict[str, Figure]
    runs_on: RunsOn
    interconnect: Annotated[str, words(600), PLAIN, SEEN]
    machines: Annotated[int, Field(ge=1, le=64)] = 1
    network: Literal["infiniband"] | None = None

    @model_validator(mode="after")
    def _has_its_figures(self) -> Self:
        takes = FORMULAS[self.formula].takes
        if wrong := sorted(set(takes) ^ self.figures.keys()):
            raise ValueError(f"expected the figures {', '.join(takes)} of this formula; wrong: {', '.join(wrong)}")
        for name, one in self.figures.items():
            if {name in ASSUMED} != {one.source is None, one.checked_on is None}:
                raise ValueError(f"expected {name} {'without' if name in ASSUMED else 'with'} a source and its day")
        return self

    @property
    def memory(self) -> MemoryNeed:
        """The memory that each machine needs."""
        need = FORMULAS[self.formula].need({name: one.value for name, one in self.figures.items()})
        return need.of_machines(self.machines)


def _inference(values: Values) -> MemoryNeed:
    tokens = values["context"] * values["requests"]
    layers, kv_heads, head_size, width = (values[name] for name in _SHAPE)
    cached = memory.cache_gb(layers, kv_heads, head_size, width, tokens)
    factors = " × ".join(map(figure, (Decimal(2), *(values[name] for name in _CACHE))))
    return MemoryNeed(
        (_weights(values), Term("Cache", f"{factors} bytes", cached)),
        usable_share=values["usable_share"],
    )


def _training(values: Values) -> MemoryNeed:
    names = ("layers", "hidden_size", "context", "sequences", "bytes_per_activation")
    kept = [values[name] for name in names]
    activations = memory.gigabytes(*kept)
    states = _weights(values)._replace(label="Weights, gradients and optimiser states")
    product = f"{' × '.join(map(figure, kept))} bytes"
    return MemoryNeed((states,), (Term("Activations on each GPU", product, activations),))


def _stated(values: Values) -> MemoryNeed:
    return MemoryNeed(each=(Term("Memory", "as stated", values["memory_gb"]),))


def _loaded(values: Values) -> MemoryNeed:
    weights = _weights(values)
    rest = Term("Everything else", f"{share(memory.OVERHEAD)} of that", weights.memory_gb * memory.OVERHEAD)
    return MemoryNeed(each=(weights, rest))


def _weights(values: Values) -> Term:
    parameters, width = values["parameters_bn"], values["bytes_per_parameter"]
    factors = f"{figure(parameters)} billion × {figure(width)} bytes"
    return Term("Weights", factors, memory.weights_gb(parameters, width))


_MODEL = ("parameters_bn", "bytes_per_parameter")
_SHAPE = ("layers", "kv_heads", "head_size", "bytes_per_cached_value")
_CACHE = (*_SHAPE, "context", "requests")
FORMULAS: Mapping[str, Formula] = {
    "inference": Formula(
        "(parameters × bytes + 2 × layers × heads × head size × bytes × tokens × requests) ÷ share that may be filled",
        (*_MODEL, *_CACHE, "usable_share"),
        _inference,
    ),
    "training": Formula(
        "parameters × bytes, shared by all GPUs; on each GPU also layers × hidden size × tokens × sequences × bytes",
        (*_MODEL, "layers", "hidden_size", "context", "sequences", "bytes_per_activation"),
        _training,
    ),
    "weights": Formula("parameters × bytes, and a share of it for everything else", _MODEL, _loaded),
    "stated": Formula("what the software's own documentation asks for", ("memory_gb",), _stated),
}
