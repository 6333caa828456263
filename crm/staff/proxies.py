"""Who asks, and by which protocol, behind proxies: believed from the addresses in TRUSTED_PROXIES only."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

UNIX_SOCKET = "unix"
FORWARDED = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP", "HTTP_FORWARDED",
)  # fmt: skip


class TrustedProxies:
    """Puts the client's address and protocol where Django looks for them; drops what nobody vouches for.

    The client is the last address of X-Forwarded-For that is no trusted proxy: what stands before it was
    written by the client itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.networks = [_network(name) for name in settings.TRUSTED_PROXIES if name != UNIX_SOCKET]
        self.over_socket = UNIX_SOCKET in settings.TRUSTED_PROXIES

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        given = {name: meta.pop(name, "") for name in FORWARDED}
        if self._trusts(meta.get("REMOTE_ADDR", "")):
            protocol = given["HTTP_X_FORWARDED_PROTO"].rpartition(",")[2].strip().lower()
            if protocol in {"http", "https"}:
                meta["wsgi.url_scheme"] = protocol
            if client := self._client(given["HTTP_X_FORWARDED_FOR"]):
                meta["REMOTE_ADDR"] = client
        return self.get_response(request)

    def _trusts(self, address: str) -> bool:
        if not address:
            return self.over_socket
        try:
            known = ip_address(address)
        except ValueError:
            return False
        return any(known in network for network in self.networks)

    def _client(self, forwarded_for: str) -> str:
        for part in reversed(forwarded_for.split(",")):
            address = part.strip()
            try:
                ip_address(address)
            except ValueError:
                return ""
            if not self._trusts(address):
                return address
        return ""


def _network(name: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(name)
    except ValueError as error:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES: {name!r} is no address, network or 'unix'") from error
