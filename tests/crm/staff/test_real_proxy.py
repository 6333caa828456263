"""The documented set-up as a browser meets it: nginx ends TLS, the product stands behind it."""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress

import pytest
from axes.models import AccessLog
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from crm.staff.models import Role
from tests.crm.cast import staff_of
from tests.harness.server import database_url
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
    raise AssertionError(f"nothing listens on {port}")


def documented_location(port: int) -> str:
    """The lines of docs/operations.md, for this port."""
    text = (ROOT / "docs" / "operations.md").read_text()
    lines = re.search(r"location / \{\n(.*?)\n    \}", text, re.DOTALL)[1]
    return lines.replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace("Host $host", "Host $http_host")


@pytest.fixture
def behind_nginx(tmp_path) -> Iterator[str]:
    """The address of the product behind nginx, over TLS."""
    web, tls = free_port(), free_port()
    key = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem", "-subj", "/CN=localhost"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *key], check=True, capture_output=True
    )
    config = tmp_path / "nginx.conf"
    config.write_text(NGINX.format(folder=tmp_path, tls=tls, proxy=PROXY, location=documented_location(web)))
    environment = os.environ | {
        "DATABASE_URL": database_url(), "HTTPS": "1", "TRUSTED_PROXIES": PROXY,
    }  # fmt: skip
    environment["PERENNIAL_VAR"] = str(tmp_path / "var")
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    granian = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(web)]
    started = [
        subprocess.Popen([sys.executable, "-m", *granian, "crm.wsgi:application"], cwd=ROOT, env=environment),
        subprocess.Popen(["nginx", "-e", tmp_path / "error.log", "-c", config]),
    ]
    try:
        wait_for(web, started[0])
        wait_for(tls, started[1])
        yield f"https://127.0.0.1:{tls}"
    finally:
        for process in started:
            process.terminate()
            process.wait(timeout=30)


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
