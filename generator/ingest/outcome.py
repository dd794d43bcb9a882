"""What a refresh is asked to do, and its outcome for each provider."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from generator.ingest.disagreements import SecondOpinion

RefreshSource = Literal["auto", "live", "recorded"]
Shown = Literal["live", "recorded", "kept", "none"]


@dataclass(frozen=True, slots=True)
class Options:
    """What to refresh, and from where.  `force` also fetches providers that were confirmed within the hour."""

    source: RefreshSource = "auto"
    providers: tuple[str, ...] = ()
    force: bool = False
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredProvider:
    """What is stored of a provider; `recorded_bodies` are the hashes of the answers of its last recorded run."""

    slug: str
    offers_n: int
    live_at: datetime | None
    recorded_at: datetime | None
    recorded_bodies: list[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a refresh for one provider.

    `state` is where the prices shown come from: this run, live or recorded; an earlier run ("kept"); or there are none.
    `problem` is "" where all went well, else the error's line, with its code in `error_code`.  `is_failure` is True
    where a person has to look at it, False where only a key is missing, or in "auto" a network.  `created`, `updated`,
    `unchanged` and `deactivated` (gone from the answer) count offers, `held_back` quarantine entries; `unmapped` are
    the first of `unmapped_n` unknown GPU names.  `bytes` is the size of all answers.
    """

    provider: str
    state: Shown
    problem: str = ""
    error_code: str | None = None
    is_failure: bool = False
    found: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deactivated: int = 0
    held_back: int = 0
    unmapped: tuple[str, ...] = ()
    unmapped_n: int = 0
    seconds: float = 0
    bytes: int = 0

    @property
    def is_held_back(self) -> bool:
        """Whether the whole answer is held back, for a second one or for an editor."""
        return self.error_code in ("more_offers", "fewer_offers")


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """The outcome of a refresh; `skipped` were confirmed within the hour, `second_opinion` covers all stored prices.

    `later_until` is the latest confirmation dated in the future, by a clock that was ahead; None where there is none.
    """

    run_id: int
    as_of: datetime
    outcomes: tuple[Outcome, ...]
    second_opinion: SecondOpinion
    skipped: tuple[str, ...] = ()
    later_until: datetime | None = None

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The outcomes that a person has to look at."""
        return tuple(one for one in self.outcomes if one.is_failure)
