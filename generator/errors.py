"""What a person is told when a build can't go on: one line, then an exit status, never a traceback."""

from click import ClickException

from scrapers.errors import ScrapeError


class BuildError(ClickException):
    """A build, or a command, that can't do what was asked; the message says who, what and where."""

    def format_message(self) -> str:
        """The message in one line, whatever was quoted in it: controls and halves of characters are escaped."""
        line = " ".join(self.message.split("\n"))
        return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in line)


class DatabaseUnreachable(BuildError):
    """No connection, or not one that may do what is needed."""


class DatabaseBusy(ScrapeError):
    """A provider's offers that the database did not take in time: a lock, a statement's limit, a deadlock."""

    code = "database_busy"


class DatabaseNewer(BuildError):
    """The database holds migrations that this checkout does not know."""


class DatabaseBefore(BuildError):
    """The database holds the schema of the version before."""


class WrongClock(BuildError):
    """This machine's clock and others lie too far apart for what it dates to be stored."""


class BuildRunning(BuildError):
    """Another build holds the lock."""


class BrokenContent(BuildError):
    """A file in `content/` that can't be read as a guide."""


class BrokenSite(BuildError):
    """A finished site whose links, canonicals or structured data don't hold together."""


class MassRemoval(BuildError):
    """A build that would take too many pages off the site at once."""


class OutputUnwritable(BuildError):
    """The output folder can't be written."""


def quoted(found: object, length: int = 50) -> str:
    """A value as an error quotes it: in one line of ASCII or what can be printed, cut where it is long."""
    try:
        return f"{found!r:.{length}}"
    except ValueError:  # a number of thousands of digits
        return f"a {type(found).__name__} of no sense"
