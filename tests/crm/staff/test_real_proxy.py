"""The documented set-up as a browser meets it: nginx ends TLS, the product stands behind it."""

from __future__ import annotations

import http.cookiejar
import re
import shutil
import ssl
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from axes.models import AccessLog
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from crm.staff.models import Role
from tests.crm.cast import staff_of
from tests.harness.web import free_port, serving, wait_for
from tests.rules.source import ROOT

PROXY = "127.0.0.2"  # where nginx connects from, so that the browser on this machine is not trusted
PASSWORD = "long enough for anybody 7"
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{tls} ssl; ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
        location / {{
            proxy_bind {proxy};
{location}
        }}
    }}
}}
"""
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.proxy,
    pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed"),
]


def documented_location(port: int) -> str:
    """The lines of docs/operations.md, for this port."""
    text = (ROOT / "docs" / "operations.md").read_text()
    lines = re.search(r"location / \{\n(.*?)\n    \}", text, re.DOTALL)[1]
    return lines.replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace("Host $host", "Host $http_host")


@pytest.fixture
def behind_nginx(tmp_path) -> Iterator[str]:
    """The address of the product behind nginx, over TLS."""
    key = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem", "-subj", "/CN=localhost"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *key], check=True, capture_output=True
    )
    tls, config = free_port(), tmp_path / "nginx.conf"
    with serving(tmp_path, HTTPS="1", TRUSTED_PROXIES=PROXY) as (web, _):
        location = documented_location(web)
        config.write_text(NGINX.format(folder=tmp_path, tls=tls, proxy=PROXY, location=location))
        nginx = subprocess.Popen(["nginx", "-e", tmp_path / "error.log", "-c", config])
        try:
            wait_for(tls, nginx)
            yield f"https://127.0.0.1:{tls}"
        finally:
            nginx.terminate()
            nginx.wait(timeout=30)


class Browser:
    """Cookies kept, certificates not checked, redirects followed a few times at most."""

    def __init__(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.jar = http.cookiejar.CookieJar()
        handlers = (
            urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPCookieProcessor(self.jar),
        )
        self.opener = urllib.request.build_opener(*handlers)

    def open(self, url: str, fields: dict[str, str] | None = None, **headers: str) -> tuple[int, str, str]:
        data = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(url, data, {"Referer": url, **headers})
        with self.opener.open(request, timeout=60) as answer:
            return answer.status, answer.url, answer.read().decode()


def test_signing_in_behind_a_proxy_that_ends_tls(behind_nginx):
    person = staff_of(Role.ADMINISTRATOR)
    person.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt")  # as the product checks it
    person.save()
    browser = Browser()
    status, url, page = browser.open(f"{behind_nginx}/")
    assert (status, url) == (200, f"{behind_nginx}/sign-in/?next=/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    fields = {"username": person.username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    spoofed = {"X-Forwarded-For": "6.6.6.6"}
    status, url, page = browser.open(f"{behind_nginx}/sign-in/", fields, **spoofed)
    assert (status, url) == (200, f"{behind_nginx}/")
    assert all(cookie.secure for cookie in browser.jar)
    assert AccessLog.objects.get().ip_address == "127.0.0.1"
