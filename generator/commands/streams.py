"""The standard streams of a command: closed, as a daemon's are; on a full disk; a pipe that nobody reads any more.

What can't be said stops no work.  It is told at the end, by a line where there is still a stream for it, and by the
exit status.  Only a closed pipe, as of `| head -1`, is nobody's mistake: it changes the exit status alone.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import click


class _Output(io.FileIO):
    """A stream that takes everything; `problem` is why some of it was lost."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self.problem: OSError | None = None

    def write(self, data: Any, /) -> int:
        """As always; what can't be written is taken for written."""
        try:
            return super().write(data) or 0
        except OSError as error:
            self.problem = self.problem or error
            return memoryview(data).nbytes


@contextmanager
def sturdy() -> Iterator[None]:
    """Standard streams for the time of a command that can all be used, whatever they are.

    Where a command ended well and what it said was lost, the exit status is 1.
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
    """Let what is closed be nothing, before a file or a socket gets its number and what is meant for a person."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # it gets the lowest number that is free


def _text(output: _Output, stream: TextIO | None) -> TextIO:
    """The stream for text; what its encoding does not have is escaped."""
    encoding = stream.encoding if stream else "utf-8"
    return io.TextIOWrapper(io.BufferedWriter(output), encoding, "backslashreplace", line_buffering=True)


def _lost(outputs: dict[str, _Output]) -> int:
    """The exit status by what was lost, which is told."""
    sys.stdout.flush()
    for name, output in outputs.items():
        if output.problem and not isinstance(output.problem, BrokenPipeError):
            click.echo(f"Error: {name}: {(output.problem.strerror or '').lower()}; all else is done", err=True)
    sys.stderr.flush()
    return int(any(output.problem for output in outputs.values()))
