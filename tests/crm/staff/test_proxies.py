"""Forwarded headers are believed from trusted proxies only."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse

from crm.staff.proxies import TrustedProxies


def seen(rf, settings, trusted: list[str], **meta: str) -> tuple[str, str, bool]:
    """The client's address, the scheme, and whether any forwarded header is left, as a view sees them."""
    settings.TRUSTED_PROXIES = trusted
    found = []

    def view(request):
        left = any(name.startswith("X-Forwarded") or name == "X-Real-Ip" for name in request.headers)
        found.append((request.META["REMOTE_ADDR"], request.scheme, left))
        return HttpResponse()

    TrustedProxies(view)(rf.get("/", **meta))
    return found[0]


SPOOFED = {
    "HTTP_X_FORWARDED_FOR": "6.6.6.6, 198.51.100.7",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_REAL_IP": "6.6.6.6",
}


@pytest.mark.parametrize(
    ("trusted", "proxy", "expected"),
    [
        ([], "10.0.0.2", ("10.0.0.2", "http", False)),
        (["10.0.0.0/8"], "192.0.2.1", ("192.0.2.1", "http", False)),
        (["10.0.0.0/8"], "10.0.0.2", ("198.51.100.7", "https", False)),
        (["10.0.0.2", "198.51.100.0/24"], "10.0.0.2", ("6.6.6.6", "https", False)),
        (["unix"], "", ("198.51.100.7", "https", False)),
        (["10.0.0.2"], "", ("", "http", False)),
        (["::1"], "::1", ("198.51.100.7", "https", False)),
    ],
)
def test_client_and_protocol_come_from_trusted_proxies_only(rf, settings, trusted, proxy, expected):
    assert seen(rf, settings, trusted, REMOTE_ADDR=proxy, **SPOOFED) == expected


@pytest.mark.parametrize("forwarded", ["", "unknown", "1.2.3", "a, b", "10.0.0.9", "\0", "1.2.3.4, x"])
def test_what_is_no_address_leaves_the_proxys(rf, settings, forwarded):
    found = seen(rf, settings, ["10.0.0.0/8"], REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_FOR=forwarded)
    assert found == ("10.0.0.2", "http", False)


@pytest.mark.parametrize("protocol", ["ftp", "https://", "", "HTTPS"])
def test_a_protocol_is_http_or_https(rf, settings, protocol):
    found = seen(rf, settings, ["10.0.0.2"], REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_PROTO=protocol)
    assert found[1] == ("https" if protocol == "HTTPS" else "http")


def test_a_name_in_the_setting_stops_the_start(settings):
    settings.TRUSTED_PROXIES = ["proxy.internal"]
    with pytest.raises(ImproperlyConfigured, match="proxy.internal"):
        TrustedProxies(lambda request: HttpResponse())
