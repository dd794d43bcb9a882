from datetime import UTC, datetime, timedelta

from generator.desk.app.sessions import AT_MOST, IDLE, Sessions

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


def test_a_session_is_found_by_its_name_and_by_no_other() -> None:
    sessions = Sessions()
    name = sessions.begin("Ada", NOW)
    found = sessions.find(name, NOW)
    assert found
    assert found.actor == "Ada"
    assert sessions.find(name[:-1], NOW) is None
    assert sessions.find("", NOW) is None


def test_a_session_ends_when_nobody_asks_for_a_while() -> None:
    sessions = Sessions()
    name = sessions.begin("Ada", NOW)
    assert sessions.find(name, NOW + IDLE)
    assert sessions.find(name, NOW + 2 * IDLE)
    assert sessions.find(name, NOW + 3 * IDLE + A_MINUTE) is None


def test_a_session_ends_after_half_a_day_whatever_is_asked() -> None:
    sessions = Sessions()
    name, at = sessions.begin("Ada", NOW), NOW
    while at < NOW + AT_MOST:
        at += IDLE
        last = sessions.find(name, at)
    assert last
    assert sessions.find(name, at + A_MINUTE) is None


def test_a_session_that_was_ended_is_found_under_none_of_its_names() -> None:
    sessions = Sessions()
    name = sessions.begin("Ada", NOW)
    for _ in range(50):
        sessions.find(name, NOW)
    other = sessions.rotated(name, NOW)
    session = sessions.find(name, NOW)
    assert other
    assert session
    sessions.end(session)
    assert sessions.find(name, NOW) is None
    assert sessions.find(other, NOW) is None


def test_a_session_gets_another_name_after_fifty_requests_and_loses_the_former_one() -> None:
    sessions = Sessions()
    name = sessions.begin("Ada", NOW)
    for _ in range(49):
        sessions.find(name, NOW)
    assert sessions.rotated(name, NOW) is None
    session = sessions.find(name, NOW)
    other = sessions.rotated(name, NOW)
    assert other
    assert other != name
    assert sessions.rotated(name, NOW) is None  # once
    assert sessions.find(name, NOW + timedelta(seconds=5)) is session  # requests under way
    assert sessions.find(name, NOW + A_MINUTE) is None
    assert sessions.find(other, NOW + A_MINUTE) is session


def test_a_form_can_be_sent_once_and_by_its_session_alone() -> None:
    sessions = Sessions()
    mine, other = (sessions.find(sessions.begin(name, NOW), NOW) for name in ("Ada", "Grace"))
    assert mine
    assert other
    token = mine.new_form(NOW)
    assert other.use_form(token) is None
    assert mine.use_form(token) == NOW
    assert mine.use_form(token) is None


def test_forms_that_nobody_sent_are_forgotten_in_the_end() -> None:
    sessions = Sessions()
    session = sessions.find(sessions.begin("Ada", NOW), NOW)
    assert session
    first = session.new_form(NOW)
    last = [session.new_form(NOW) for _ in range(400)][-1]
    assert session.use_form(first) is None
    assert session.use_form(last) == NOW


def test_no_name_is_kept() -> None:
    sessions = Sessions()
    name = sessions.begin("Ada", NOW)
    assert name not in repr(sessions.__dict__)
