"""A build asks no language model, configured or not."""

import pytest

from generator.settings import Settings
from generator.site import build
from tests.generator.desk.model_server import ModelServer, answer
from tests.generator.site.conftest import SITE

pytestmark = pytest.mark.postgres


def test_a_build_asks_no_model(prices, content, tmp_path):
    with ModelServer(answer(500)) as server:
        settings = Settings(_env_file=None, site_url=SITE, model_url=server.url, model="m", model_key="kept-secret")
        build.build(prices, settings, tmp_path / "site", build.Options())
    assert (tmp_path / "site" / "index.html").is_file()
    assert server.asked == []
