"""What the app works with: the database, today's drafts, the templates, the sessions, and the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment

from generator.database.seeds import SEED
from generator.desk.app import words
from generator.desk.app.draft_view import Drafts
from generator.desk.app.sessions import Sessions
from generator.desk.app.throttle import Throttle
from generator.settings import Settings
from generator.site.assets import assets
from generator.site.environment import TEMPLATES, plain_environment

ASSETS = TEMPLATES / "desk" / "assets"


@dataclass
class Desk:
    """One desk; `seed` is the folder to which a spelling of a GPU's name is added."""

    settings: Settings
    address: str
    seed: Path = SEED
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sessions: Sessions = field(default_factory=Sessions)
    throttle: Throttle = field(default_factory=Throttle)

    @cached_property
    def drafts(self) -> Drafts:
        """Drafts as they read today."""
        return Drafts(self.settings, self.address)

    @cached_property
    def _templates(self) -> Environment:
        made = plain_environment()
        made.globals |= {
            "style": f"/assets/{Path(assets()['site.css'].path).name}",
            "desk_version": _version(),
            "site_name": self.settings.site_name,
            "site_url": self.settings.site_url,
        }
        made.filters |= {"age": words.age, "gb": words.gigabytes, "kind": words.KINDS.__getitem__, "told": words.told}
        made.filters["evidence"] = partial(words.evidence, self.settings.site_url)
        return made

    def render(self, template: str, values: Mapping[str, Any]) -> str:
        """A page from a template of templates/desk/."""
        return self._templates.get_template(f"desk/{template}").render(values)


def _version() -> str:
    """Changes with the desk's own style and script, whose addresses it is part of."""
    return sha256(b"".join(file.read_bytes() for file in sorted(ASSETS.iterdir()))).hexdigest()[:10]
