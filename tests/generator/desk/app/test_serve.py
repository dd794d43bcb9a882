import pytest

from generator.desk.app import serve
from generator.errors import BuildError


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "localhost", "10.1.2.3", "desk.example"])
def test_the_desk_listens_on_this_machine_alone(host: str) -> None:
    with pytest.raises(BuildError, match="SSH tunnel"):
        serve.listen(0, host)


def test_a_free_port_is_found_and_a_taken_one_is_named() -> None:
    with serve.listen(0) as listening:
        host, port = listening.getsockname()
        assert host == "127.0.0.1"
        assert serve.address(listening) == f"http://127.0.0.1:{port}/"
        with pytest.raises(BuildError, match=f"port {port} of 127.0.0.1 is taken"):
            serve.listen(port)
