import pytest

from generator import s3
from generator.errors import BuildError


@pytest.mark.parametrize(
    ("endpoint", "problem"),
    [
        ("s3.example.org", "AWS_ENDPOINT_URL='s3.example.org': expected an address such as https://s3.example.org"),
        ("http://s3.example.org", "AWS_ENDPOINT_URL: expected https://"),
    ],
)
def test_an_endpoint_that_is_none_is_named(endpoint, problem):
    with pytest.raises(BuildError) as raised:
        s3.opened("s3://bucket", {"AWS_ENDPOINT_URL": endpoint})
    assert raised.value.message.startswith(problem)


def test_an_address_has_a_bucket():
    with pytest.raises(BuildError, match="expected a folder, or an address such as s3://bucket/prefix"):
        s3.opened("s3://", {})
