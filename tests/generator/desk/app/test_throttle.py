from datetime import UTC, datetime, timedelta

from generator.desk.app.throttle import FREE, FREE_OVERALL, Throttle

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


def failing(throttle: Throttle, name: str, times: int, at: datetime = NOW) -> None:
    for _ in range(times):
        throttle.failed(name, at)


def test_a_few_mistakes_cost_nothing() -> None:
    throttle = Throttle()
    failing(throttle, "Ada", FREE)
    assert throttle.wait("Ada", NOW) == 0


def test_each_further_mistake_doubles_the_wait_up_to_a_quarter_of_an_hour() -> None:
    throttle = Throttle()
    failing(throttle, "Ada", FREE)
    waits = []
    for _ in range(12):
        throttle.failed("Ada", NOW)
        waits.append(throttle.wait("Ada", NOW))
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == 15 * 60


def test_the_wait_is_over_in_time_and_others_need_not_wait() -> None:
    throttle = Throttle()
    failing(throttle, "Ada", FREE + 2)
    assert throttle.wait("ADA", NOW) == 4
    assert throttle.wait("Grace", NOW) == 0
    assert throttle.wait("Ada", NOW + timedelta(seconds=4)) == 0


def test_many_mistakes_with_many_names_slow_down_everybody_for_a_minute_at_most() -> None:
    throttle = Throttle()
    for number in range(FREE_OVERALL + 20):
        throttle.failed(f"guess {number}", NOW)
    assert throttle.wait("Grace", NOW) == 60


def test_a_good_login_forgives_the_name() -> None:
    throttle = Throttle()
    failing(throttle, "Ada", FREE + 3)
    throttle.succeeded("Ada")
    assert throttle.wait("Ada", NOW) == 0


def test_mistakes_of_yesterday_do_not_count() -> None:
    throttle = Throttle()
    failing(throttle, "Ada", FREE)
    throttle.failed("Ada", NOW + timedelta(days=1))
    assert throttle.wait("Ada", NOW + timedelta(days=1)) == 0


def test_made_up_names_do_not_fill_the_memory() -> None:
    throttle = Throttle()
    for number in range(1100):
        throttle.failed(f"guess {number}", NOW + timedelta(seconds=number))
    assert len(throttle._failures) <= 1000
