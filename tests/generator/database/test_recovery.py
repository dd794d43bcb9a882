from datetime import timedelta

import pytest

from generator.database import recovery
from generator.errors import BuildError
from tools import rehearse_recovery

pytestmark = [pytest.mark.postgres, pytest.mark.long]


def test_every_row_is_recovered_to_a_second_before_the_mistake(capsys):
    proved = recovery.rehearse(print)
    assert proved.destroyed_at - proved.recovered_to == timedelta(seconds=1)
    assert proved.rows > 60_000
    assert proved.tables > 20
    assert proved.archived_files >= 2
    assert "somebody drops the schema" in capsys.readouterr().out


def test_a_recovery_past_the_mistake_is_noticed(monkeypatch):
    monkeypatch.setattr(recovery, "timedelta", lambda seconds: timedelta(seconds=-seconds))
    with pytest.raises(BuildError, match="recovery ended before configured recovery target was reached"):
        recovery.rehearse()


def test_tool_says_why_a_rehearsal_failed(monkeypatch, capsys):
    def fails(say):
        raise BuildError("rehearsal: pg_basebackup: no room")

    monkeypatch.setattr(rehearse_recovery, "rehearse", fails)
    assert rehearse_recovery.main() == 1
    assert capsys.readouterr().err == "Error: rehearsal: pg_basebackup: no room\n"
