"""SeaweedFS, a second S3-compatible server, with its files in a temporary folder."""

import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from tests.generator.publishing.sites import S3Place

_PORTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
_STARTED = 60  # seconds


@contextmanager
def running(folder):
    """The server's address; it ends with the block."""
    s3, s3_grpc, *ports = free_ports(len(_PORTS) + 2)
    options = [
        *("-dir", str(folder), "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"),
        *(f"-s3.port={s3}", f"-s3.port.grpc={s3_grpc}", "-s3.port.iceberg=0", "-s3.port.lance=0"),
        *(f"-{name}={port}" for name, port in zip(_PORTS, ports, strict=True)),
        *("-master.telemetry=false", "-master.peers=none", "-master.volumeSizeLimitMB=64", "-volume.max=1000"),
    ]
    weed = Path(sys.executable).with_name("weed")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([weed, "server", *options], stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    try:
        yield wait_for(f"http://127.0.0.1:{s3}", process)
    finally:
        process.kill()
        process.wait()


def wait_for(endpoint, process):
    """The address, once buckets can be made there."""
    until = time.monotonic() + _STARTED
    while time.monotonic() < until:
        assert process.poll() is None
        try:
            S3Place(endpoint, "first")
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return endpoint
    raise AssertionError(f"SeaweedFS did not start in {_STARTED} s")


def free_ports(number):
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
