"""How commands end when a signal tells them to: in order, with the programs they started.

SIGTERM (systemd, a cancelled CI job, timeout) and SIGHUP (a closed terminal) end a command as Ctrl-C does: open
transactions are rolled back and temporary files removed, programs that run for it are interrupted, the embedded server
is stopped if nobody else uses it.  The exit status says which signal it was: 143 or 129.
"""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

_ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
_SAME = 0.5  # seconds in which it is one signal: make and timeout pass it on to a process that got it too
_MOMENT = 0.02  # seconds
_PATIENCE = 5  # seconds for an interrupted program to end


class _Ending:
    """The order to end: the signal that gave it and when, and whether it is still to be carried out."""

    def __init__(self) -> None:
        self.told_by: int | None = None
        self.told_at = 0.0
        self.is_due = False
        self.is_held = False

    def hear(self, number: int, frame: FrameType | None) -> None:
        """End as by Ctrl-C; on a second signal, at once."""
        if self.told_by is None:
            self.told_by, self.told_at, self.is_due = number, time.monotonic(), True
            logging.disable()  # libraries would report that their work was broken off
            self.follow(frame)
        elif time.monotonic() - self.told_at >= _SAME:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    def follow(self, frame: FrameType | None = None) -> None:
        """Interrupt the work by the handler of Ctrl-C in place: an event loop has its own."""
        if self.is_due and not self.is_held:
            self.is_due = False
            if _is_importing(frame):
                self.put_off()
            else:
                handler = signal.getsignal(signal.SIGINT)
                (handler if callable(handler) else signal.default_int_handler)(signal.SIGINT, frame)

    def put_off(self) -> None:
        """Interrupt in a moment: while a library is imported or an object destroyed, exceptions get lost."""
        self.is_due = True
        signal.setitimer(signal.ITIMER_REAL, _MOMENT)


_ending = _Ending()


@contextmanager
def orderly() -> Iterator[None]:
    """Run a command that ends in order on a signal, and at once on a second one.

    After the block, as the process exits, nothing is interrupted: the embedded server is stopped there.
    """
    heard = [number for number in _ENDING_SIGNALS if signal.getsignal(number) != signal.SIG_IGN]  # nohup's is ignored
    try:
        for number in heard:
            signal.signal(number, _ending.hear)
        if signal.getsignal(signal.SIGINT) == signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGALRM, lambda _, frame: _ending.follow(frame))
        sys.unraisablehook = _not_let_out
        os.register_at_fork(after_in_child=lambda: _forget(heard))
        yield
    finally:
        _ending.is_held = True
        signal.signal(signal.SIGINT, _ending.hear)
        if _ending.told_by is not None:
            sys.exit(128 + _ending.told_by)


@contextmanager
def running(command: Sequence[str | os.PathLike[str]], **options: Any) -> "Iterator[subprocess.Popen[Any]]":
    """A program that runs for the time of the block; an exception in the block interrupts it.

    A signal during its start is heard once it has started, so that no program is left behind.
    """
    was_held, _ending.is_held = _ending.is_held, True
    try:
        with subprocess.Popen(command, **options) as program, _ended(program):
            _ending.is_held = was_held
            _ending.follow()
            yield program
    finally:
        _ending.is_held = was_held


def run(command: Sequence[str | os.PathLike[str]], **options: Any) -> "subprocess.CompletedProcess[Any]":
    """As subprocess.run, but an exception interrupts the program instead of killing it."""
    with running(command, **options) as program:
        said, complained = program.communicate()
    return subprocess.CompletedProcess(command, program.returncode, said, complained)


@contextmanager
def _ended(program: "subprocess.Popen[Any]") -> Iterator[None]:
    try:
        yield
    except BaseException:
        _end(program)
        raise


def _is_importing(frame: FrameType | None) -> bool:
    while frame and not frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame is not None


def _not_let_out(lost: "sys.UnraisableHookArgs") -> None:
    """Repeat an interruption that was lost; keep quiet about other exceptions that get lost while a command ends."""
    if _ending.told_by is None:
        sys.__unraisablehook__(lost)
    elif issubclass(lost.exc_type, KeyboardInterrupt):
        _ending.put_off()


def _end(program: "subprocess.Popen[Any]") -> None:
    """Interrupt a program; PostgreSQL's then cancel what the server does for them."""
    program.send_signal(signal.SIGINT)
    if program.stdin:
        with suppress(OSError):
            program.stdin.close()
    try:
        program.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        program.kill()


def _forget(heard: Sequence[int]) -> None:
    for number in heard:
        signal.signal(number, signal.SIG_DFL)
