"""An S3-compatible server and a folder, as destinations."""

import itertools
import logging

import pytest

from tests.generator.publishing.sites import FolderPlace, S3Place, moto

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def endpoint():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(endpoint):
    return S3Place(endpoint, f"bucket-{next(_numbers)}")


@pytest.fixture
def folder(tmp_path):
    return FolderPlace(tmp_path / "www")


@pytest.fixture(params=["folder", "bucket"])
def place(request):
    return request.getfixturevalue(request.param)
