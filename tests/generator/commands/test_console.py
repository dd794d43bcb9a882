import json

import pytest

from generator.commands import console

HOSTILE = "\x1b[2JH100\x9b31m\u202e SXM\ud800\rx"
SHOWN = r"\u001b[2JH100\u009b31m\u202e SXM\ud800\u000dx"


def test_lines_have_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    console.say(f"Unknown: {HOSTILE}\r\n\tßé\xa0H")
    assert capsys.readouterr().out == f"Unknown: {SHOWN}\r\n\tßé\xa0H\n"


def test_tables_have_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    console.table(["name"], [[HOSTILE]])
    assert SHOWN in capsys.readouterr().out


def test_json_escapes_control_characters_and_keeps_its_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_json({"name": HOSTILE})
    printed = capsys.readouterr().out
    assert printed.replace("\n", "").isprintable()
    assert json.loads(printed) == {"name": HOSTILE}
