"""Real processes, killed while they publish; CLOUDGPUS_CRASH_SEED=<number> repeats those of a failed test."""

import logging
import os
import random
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from generator.publishing.claim import PENDING
from generator.settings import ROOT
from tests.crash.conftest import SEED
from tests.generator.publishing.publish_made_up import PAGES, nth
from tests.generator.publishing.sites import pages_are_whole, served

LOG = logging.getLogger(__name__)
SCRIPT = "tests.generator.publishing.publish_made_up"


def started(number, place):
    environment = {**os.environ, **place.environment, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", SCRIPT, str(number), place.destination]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def finish(number, place):
    process = started(number, place)
    said = process.communicate()[0]
    assert process.returncode == 0
    return said


def claimed(number, place):
    """A publish that has just claimed its destination."""
    left, process = place.get(PENDING), started(number, place)
    while place.get(PENDING) == left and process.poll() is None:
        time.sleep(0.002)
    return process


def seconds(number, place):
    """How long a publish takes from its claim to its end."""
    process = claimed(number, place)
    began = time.monotonic()
    process.communicate()
    return time.monotonic() - began


@contextmanager
def a_reader(place):
    """Someone who reads pages all the while; each must be whole and have its style sheet."""
    ended, problems = threading.Event(), []

    def read():
        while not ended.is_set():
            time.sleep(0.001)  # leaves the machine to the others
            try:
                pages_are_whole(place.get, random.sample(PAGES, 3))
            except AssertionError as problem:
                problems.append(problem)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield
    finally:
        ended.set()
        reader.join()
    assert problems == []


def complete(number, place):
    """Publish to the end; then the site is there, and nothing else but assets that readers may still need."""
    finish(number, place)
    expected, there = nth(number), served(place)
    assert there.pop("build.json")
    assert {path for path in there if not path.startswith("assets/")} <= expected.files.keys()
    assert all(there[path] == expected.read(path) for path in expected.files)
    assert place.get(PENDING) is None


def kill_and_complete(place, rounds, name):
    LOG.warning("CLOUDGPUS_CRASH_SEED=%s", SEED)  # pytest shows it where the test fails
    chance = random.Random(f"{SEED} {name}")
    length = seconds(0, place)
    with a_reader(place):
        for number in range(1, rounds + 1):
            process = claimed(number, place)
            time.sleep(chance.uniform(0, length))
            process.kill()
            process.communicate()
            if chance.random() < 0.5:  # else the next one begins where this one was killed
                complete(number, place)
        complete(rounds, place)
    assert "put=0, " in finish(rounds, place)


def test_a_killed_publish_to_a_folder_is_completed_by_the_next(folder):
    kill_and_complete(folder, 1, "folder")


@pytest.mark.long
def test_a_killed_publish_to_a_bucket_is_completed_by_the_next(bucket):
    kill_and_complete(bucket, 1, "bucket")


@pytest.mark.long
def test_a_hundred_killed_publishes_to_a_folder_leave_a_whole_site(folder):
    kill_and_complete(folder, 100, "folder, long")


@pytest.mark.long
def test_a_hundred_killed_publishes_to_another_server_leave_a_whole_site(seaweed):
    kill_and_complete(seaweed, 100, "seaweed, long")
