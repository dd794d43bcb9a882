"""An S3-compatible server and a folder, as destinations."""

import itertools
import logging

import pytest

from tests.generator.publishing import seaweed as seaweed_server
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


@pytest.fixture(params=["folder", "bucket", pytest.param("seaweed", marks=pytest.mark.long)])
def place(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def other_endpoint(tmp_path_factory):
    with seaweed_server.running(tmp_path_factory.mktemp("seaweed")) as address:
        yield address


@pytest.fixture
def seaweed(other_endpoint):
    return S3Place(other_endpoint, f"bucket-{next(_numbers)}")
