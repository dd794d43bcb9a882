import threading

import pytest

from generator.publishing.threads import AT_ONCE, interruptible, results


def test_every_item_has_its_result():
    assert sorted(results(lambda number: number * 2, range(100))) == list(range(0, 200, 2))
    assert list(results(str, [])) == []


def test_items_are_worked_on_at_once_but_not_all():
    together, names = threading.Barrier(AT_ONCE), set()

    def work(_):
        together.wait(10)
        names.add(threading.current_thread().name)

    list(results(work, range(AT_ONCE * 2)))
    assert len(names) == AT_ONCE


def test_after_an_error_what_is_begun_is_finished():
    begun, finished, failed = [], [], threading.Event()

    def work(number):
        begun.append(number)
        if number == 0:
            failed.set()
            raise ValueError("refused")
        failed.wait(10)
        finished.append(number)

    with pytest.raises(ValueError, match="refused"):
        list(results(work, range(1000)))
    assert sorted(finished) == sorted(begun)[1:]


def test_a_wait_hears_signals_only_in_the_main_thread():
    here = [interruptible(threading.current_thread), *results(lambda _: interruptible(threading.current_thread), [1])]
    assert threading.main_thread() not in here
    with pytest.raises(ValueError, match="refused"):
        interruptible(lambda: (_ for _ in ()).throw(ValueError("refused")))
