"""The errors that people see: one line and an exit status, never a traceback."""

from click import ClickException

from scrapers.errors import ScrapeError


class BuildError(ClickException):
    """A build or another command can't do what was asked; the message says who, what and where."""

    def format_message(self) -> str:
        """The message in one line, whatever it quotes: control characters and lone surrogates are escaped."""
        line = " ".join(self.message.split("\n"))
        return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in line)


class DatabaseUnreachable(BuildError):
    """There is no connection, or it broke, or it may not do what is needed."""


class DatabaseBusy(ScrapeError):
    """The database did not take a provider's offers in time: a lock, a statement's time limit, a deadlock."""

    code = "database_busy"


class DatabaseNewer(BuildError):
    """The database holds migrations that this checkout does not know."""


class DatabaseBefore(BuildError):
    """The database holds the schema of the version before."""


class WrongClock(BuildError):
    """This machine's clock differs too much from others for anything to be dated by it."""


class BuildRunning(BuildError):
    """Another build holds the lock."""


class BrokenContent(BuildError):
    """A file in `content/` can't be read as a guide."""


class BrokenSite(BuildError):
    """The links, canonical URLs or structured data of a finished site are broken."""


class MassRemoval(BuildError):
    """A build would take too many pages off the site at once."""


class MovedGates(BuildError):
    """New code would move too many pages between indexable and not."""


class OutputUnwritable(BuildError):
    """The output folder can't be written."""


def quoted(found: object, length: int = 50) -> str:
    """A value as an error quotes it: one printable line, cut where it is too long."""
    try:
        return f"{found!r:.{length}}"
    except ValueError:  # a number of thousands of digits
        return f"an unprintable {type(found).__name__}"
