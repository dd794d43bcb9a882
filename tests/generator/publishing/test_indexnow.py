import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from generator.publishing.indexnow import MOST, IndexNow

KEY = "0123456789abcdef"


class Receiver(HTTPServer):
    """Takes what is sent to search engines, as the next of `answers` says."""

    def __init__(self, answers=()):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken, self.answers = [], list(answers)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/indexnow"

    def close(self):
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(json.loads(body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_): ...


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


def test_addresses_are_sent_with_the_key_s_place(receiver):
    site = "https://gpus.example/prices"
    assert IndexNow(receiver.address, KEY, site)([f"{site}/gpu/a/"]) == ([], "")
    place = f"{site}/{KEY}.txt"
    assert receiver.taken == [{"host": "gpus.example", "key": KEY, "keyLocation": place, "urlList": [f"{site}/gpu/a/"]}]


def test_many_addresses_are_sent_in_batches_and_those_that_are_not_taken_returned(receiver):
    receiver.answers += [202, 429]
    addresses = [f"https://gpus.example/{number}/" for number in range(MOST * 3)]
    assert IndexNow(receiver.address, KEY, "https://gpus.example")(addresses) == (addresses[MOST:], "status 429")
    assert [len(one["urlList"]) for one in receiver.taken] == [MOST, MOST]


def test_a_receiver_that_cannot_be_reached_fails_nothing(receiver):
    receiver.close()
    left, problem = IndexNow(receiver.address, KEY, "https://gpus.example")(["https://gpus.example/"])
    assert (left, problem) == (["https://gpus.example/"], "ConnectError")
