"""A server on loopback that speaks the protocol of language models, well or badly."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USAGE = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}


def answer(status, body=b"{}", **headers):
    """A behaviour: this answer, as JSON where no other type is stated."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def behave(handler):
        handler.send_response_only(status)
        stated = {"Content-Type": "application/json", "Content-Length": str(len(data))}
        for name, value in (stated | {name.replace("_", "-"): value for name, value in headers.items()}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return behave


def completion(content, finish_reason="stop", **message):
    """A behaviour: a completion that says this, which is made JSON where it is no text."""
    text = content if isinstance(content, str | None) else json.dumps(content)
    said = {"role": "assistant", "content": text, **message}
    choice = {"index": 0, "message": said, "finish_reason": finish_reason}
    return answer(200, {"id": "x", "object": "chat.completion", "model": "m-1", "choices": [choice], "usage": USAGE})


def silence(handler):
    """Nothing, until the test is over."""
    handler.server.closing.wait(10)
    handler.close_connection = True


def drip(said):
    """A behaviour: spaces, one now and then so that each wait is short, and after two seconds this good answer."""
    body = json.dumps({"choices": [{"message": {"content": json.dumps(said)}, "finish_reason": "stop"}]}).encode()

    def behave(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(40 + len(body)))
        handler.end_headers()
        for part in (*[b" "] * 40, body):
            handler.server.closing.wait(0.05)
            handler.wfile.write(part)
            handler.wfile.flush()

    return behave


def half(handler):
    """A body shorter than its stated length."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True


class ModelServer:
    """A context manager; it behaves as told, in turn, and the last way from then on.

    `asked` are the requests, `keys` the authorization of each.
    """

    def __init__(self, *behaviours):
        self.behaviours, self.asked, self.keys, self.paths = list(behaviours), [], [], []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"site": self}))
        self._server.closing = threading.Event()
        self._server.handle_error = lambda *_: None  # clients hang up; that's the point
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    site: ModelServer

    def do_POST(self):
        self.site.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.site.keys.append(self.headers["Authorization"])
        self.site.paths.append(self.path)
        turn = min(len(self.site.asked), len(self.site.behaviours)) - 1
        self.site.behaviours[turn](self)

    def do_GET(self):
        self.site.asked.append(None)
        answer(404)(self)

    def log_message(self, *_):
        pass
