"""Standard streams that stop no work: closed, as a daemon's are; on a full disk; a pipe that nobody reads any more.

Lost output is reported at the end, by a line where there is still a stream for it, and by the exit status.  A closed
pipe, as with `| head -1`, is nobody's mistake: it changes the exit status only.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import click


class _Output(io.FileIO):
    """A stream that accepts everything; `problem` is why some of it was lost."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self.problem: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write as a file does, but count what can't be written as written."""
        try:
            return super().write(data) or 0
        except OSError as error:
            self.problem = self.problem or error
            return memoryview(data).nbytes


@contextmanager
def sturdy() -> Iterator[None]:
    """Run a command with standard streams that it can always write to.

    Where it succeeds but some of its output was lost, the exit status is 1.
    """
    _open_closed()
    outputs = {name: _Output(descriptor) for descriptor, name in ((1, "stdout"), (2, "stderr"))}
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115
    sys.stdout, sys.stderr = (_text(output, getattr(sys, name)) for name, output in outputs.items())
    try:
        yield
    except SystemExit as ended:
        raise SystemExit(ended.code or _lost(outputs)) from None


def _open_closed() -> None:
    """Open /dev/null in place of closed streams, or a file or socket would get their numbers and their output."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # it gets the lowest number that is free


def _text(output: _Output, stream: TextIO | None) -> TextIO:
    """The stream for text; characters that its encoding lacks are escaped."""
    encoding = stream.encoding if stream else "utf-8"
    return io.TextIOWrapper(io.BufferedWriter(output), encoding, "backslashreplace", line_buffering=True)


def _lost(outputs: dict[str, _Output]) -> int:
    """Report lost output; return the exit status."""
    sys.stdout.flush()
    for name, output in outputs.items():
        if output.problem and not isinstance(output.problem, BrokenPipeError):
            click.echo(f"Error: {name}: {(output.problem.strerror or '').lower()}; everything else was done", err=True)
    sys.stderr.flush()
    return int(any(output.problem for output in outputs.values()))
