import signal
import subprocess
import sys
import time

import pytest

from generator.settings import ROOT

BEGIN = """
import os, signal, subprocess, sys, time
import click
from generator import processes

@click.command()
def main():
    try:
        {work}
    finally:
        print("put away", flush=True)

with processes.orderly():
    main()
"""
WAIT = "print('ready', flush=True); time.sleep(60)"


def started(work=WAIT, **options):
    """A command that has begun its work."""
    command = [sys.executable, "-c", BEGIN.format(work=work)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_told_to_end_cleans_up_and_says_one_line(number):
    with started() as process:
        process.send_signal(number)
        assert process.communicate(timeout=30) == ("put away\n", "\nAborted!\n")
    assert process.returncode == 128 + number


def test_a_signal_that_make_and_timeout_send_twice_counts_once():
    with started(
        "print('ready', flush=True); time.sleep(60)\n    except KeyboardInterrupt: time.sleep(0.4)"
    ) as process:
        process.terminate()
        time.sleep(0.05)
        process.terminate()
        assert process.communicate(timeout=30)[0] == "put away\n"
    assert process.returncode == 143


def test_a_second_signal_ends_a_command_at_once():
    with started(f"{WAIT}\n    except KeyboardInterrupt: time.sleep(60)") as process:
        process.terminate()
        time.sleep(0.7)
        process.terminate()
        assert process.communicate(timeout=30)[0] == ""
    assert process.returncode == -signal.SIGTERM


def test_an_event_loop_cancels_its_tasks():
    work = """
        import asyncio
        async def wait():
            try:
                print("ready", flush=True)
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                print("cancelled", flush=True)
                raise
        asyncio.run(wait())
    """
    with started(work) as process:
        process.terminate()
        assert process.communicate(timeout=30) == ("cancelled\nput away\n", "\nAborted!\n")


def test_work_that_an_event_loop_drops_prints_nothing():
    work = """
        import asyncio
        async def wait():
            async with asyncio.TaskGroup():
                await asyncio.sleep(60)
        loop = asyncio.new_event_loop()
        task = loop.create_task(wait())
        loop.run_until_complete(asyncio.sleep(0))
        print("ready", flush=True)
        time.sleep(60)
    """
    with started(work) as process:
        process.terminate()
        assert process.communicate(timeout=30) == ("put away\n", "\nAborted!\n")


def test_an_import_does_not_swallow_a_signal(tmp_path):
    (tmp_path / "swallows.py").write_text(
        "import time\nprint('ready', flush=True)\ntry: time.sleep(0.5)\nexcept BaseException: pass\n"
    )
    with started(f"sys.path.insert(0, {str(tmp_path)!r}); import swallows; time.sleep(60)") as process:
        process.terminate()
        assert process.communicate(timeout=30) == ("put away\n", "\nAborted!\n")


def test_a_finaliser_does_not_swallow_a_signal():
    wait = "lambda self: (print('ready', flush=True), time.sleep(60))"
    with started(f"type('Thing', (), {{'__del__': {wait}}})(); time.sleep(60)") as process:
        process.terminate()
        assert process.communicate(timeout=30) == ("put away\n", "\nAborted!\n")


def test_what_is_done_at_exit_is_not_interrupted():
    ready = 'print("ready", flush=True)'
    work = f"import atexit; atexit.register(lambda: ({ready}, time.sleep(0.5), print('left')))"
    command = [sys.executable, "-c", BEGIN.format(work=work).replace('print("put away", flush=True)', "pass")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        process.terminate()
        assert process.communicate(timeout=30) == ("left\n", "")
    assert process.returncode == 0


def test_a_hangup_is_ignored_under_nohup():
    with started("print('ready', flush=True); time.sleep(0.5)", preexec_fn=ignore_hangups) as process:
        process.send_signal(signal.SIGHUP)
        assert process.communicate(timeout=30) == ("put away\n", "")
    assert process.returncode == 0


def ignore_hangups():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def test_a_program_that_a_command_runs_is_interrupted():
    child = "trap 'echo interrupted; exit' INT; echo ready; while :; do sleep 0.1; done"
    with started(f'processes.run(["sh", "-c", {child!r}])') as process:
        process.terminate()
        assert process.communicate(timeout=30)[0] == "interrupted\nput away\n"
    assert process.returncode == 143


def test_a_forked_worker_dies_of_what_its_parent_sends_it():
    work = "child = os.fork() or (print('ready', flush=True), time.sleep(60)); "
    work += "time.sleep(0.2); os.kill(child, 15); print(os.waitpid(child, 0)[1])"
    with started(work) as process:
        assert process.communicate(timeout=30) == ("15\nput away\n", "")


def test_ctrl_c_while_a_command_is_imported_is_no_traceback():
    command = [sys.executable, "-X", "importtime", "build.py", "db", "status"]
    listen = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, **listen) as process:
        while "click" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        assert "Traceback" not in process.communicate(timeout=30)[1]
    assert process.returncode == -signal.SIGINT
