import asyncio
from typing import Any

import pytest

from scrapers.addresses import is_public_address, redirect_problem, site_of

SHARED = ("s3.amazonaws.com", "a.run.app", "webflow.io", "framer.app", "ngrok.io", "vercel.app", "r2.dev", "co.nz")


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("api.nimbus.example", "nimbus.example"),
        ("nimbus.example", "nimbus.example"),
        ("www.nimbus.co.uk", "nimbus.co.uk"),
        ("api.nimbus.example.", "nimbus.example"),
        ("nimbus.github.io", "nimbus.github.io"),
        ("github.io", "github.io"),
        *((f"www.nimbus.{shared}", f"nimbus.{shared}") for shared in SHARED),
        ("10.0.0.1", "10.0.0.1"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_site_is_what_an_owner_registered(host: str, site: str) -> None:
    assert site_of(host) == site


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("https://www.nimbus.example/plans", None),
        ("http://nimbus.example/plans", "an address without encryption"),
        ("https://evil.example/plans", "another site"),
        ("https://nimbus.example.evil.example/plans", "another site"),
        ("https://nimb\u00fcs.example/plans", "something other than a web address"),
        ("https://127.0.0.1/plans", "another site"),
        ("https://inside.nimbus.example/plans", "an address that is not public"),
    ],
)
def test_redirects_stay_on_the_site_and_off_private_networks(
    monkeypatch: pytest.MonkeyPatch, target: str, problem: str | None
) -> None:
    async def resolve(_: object, host: str, *args: object, **options: object) -> list[Any]:
        return [(0, 0, 0, "", ("10.1.2.3" if host.startswith("inside") else "93.184.216.34", 0))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolve)
    assert asyncio.run(redirect_problem("https://nimbus.example/plans", target)) == problem


def test_one_tenant_of_a_shared_host_leads_to_no_other() -> None:
    for shared in SHARED:
        leads = redirect_problem(f"https://nimbus.{shared}/plans", f"https://evil.{shared}/plans")
        assert asyncio.run(leads) == "another site"


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_a_host_on_the_public_network_is_public(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.0.0.171",
        ),
        *("192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
        *("239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:93.184.216.34", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
        *("64:ff9b::e000:1", "64:ff9b:1::1", "100::1", "100:0:0:1::1", "2001::1", "2001:db8::1", "2002:7f00:1::"),
        *("2002:5db8:d822::", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fe80::1%eth0", "fec0::1", "ff02::1"),
    ],
)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public_address(address)
