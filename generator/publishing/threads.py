"""Work in threads that nobody waits for when a signal ends a publish while a server hangs.

The library that talks to stores waits without listening to signals, and Python waits for its own pools at its end.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

AT_ONCE = 16

T = TypeVar("T")
R = TypeVar("R")


def results(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """What `work` returns for each item, in any order.  After an error the items that are begun are still finished."""
    todo: SimpleQueue[T] = SimpleQueue()
    done: SimpleQueue[tuple[R, None] | tuple[None, Exception]] = SimpleQueue()

    def take() -> None:
        with suppress(Empty):
            while True:
                item = todo.get_nowait()
                try:
                    done.put((work(item), None))
                except Exception as error:
                    done.put((None, error))

    for item in items:
        todo.put(item)
    count = todo.qsize()
    threads = [threading.Thread(target=take, daemon=True) for _ in range(min(AT_ONCE, count))]
    for thread in threads:
        thread.start()
    try:
        for _ in range(count):
            result, error = done.get()
            if error:
                raise error
            yield result  # type: ignore[misc]
    except Exception:
        _forget(todo)
        for thread in threads:
            thread.join()
        raise
    finally:
        _forget(todo)


def interruptible(work: Callable[[], R]) -> R:
    """What `work` returns; in the main thread, which hears signals, one ends the wait."""
    if threading.current_thread() is not threading.main_thread():
        return work()
    (result,) = results(lambda _: work(), [None])
    return result


def _forget(todo: "SimpleQueue[T]") -> None:
    """Take what is not begun."""
    with suppress(Empty):
        while True:
            todo.get_nowait()
