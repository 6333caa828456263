"""Every environment variable Perennial reads, declared once; a bad value stops the start with its name."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BadSetting(SystemExit):
    """A variable holds something that cannot be used; the message names it and says what would do."""


@dataclass(frozen=True)
class Variable:
    name: str
    default: str
    meaning: str


TABLE = (
    Variable("DATABASE_URL", "", "PostgreSQL server; empty = the embedded one under var/"),
    Variable("DATABASE_ROLE", "perennial_app", "role taken after connecting; 'owner' = stay the owner"),
    Variable("DATABASE_POOL", "0", "1 = keep a pool of connections (web server, worker)"),
    Variable("CELERY_BROKER_URL", "", "Redis/Valkey or RabbitMQ; empty = files under var/"),
    Variable("SECRET_KEY", "", "signing key; empty = one made once under var/keys"),
    Variable("DATA_KEY", "", "32-byte hex key of sealed personal data; empty = one made once under var/keys"),
    Variable("DEBUG", "0", "1 = Django's debug pages; never in production"),
    Variable("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "host names served, by comma"),
    Variable("HTTPS", "0", "1 = secure cookies, HSTS and redirect to HTTPS"),
    Variable("HSTS_PRELOAD", "0", "1 = HSTS for all subdomains, and consent to browsers' preload lists"),
    Variable("TRUSTED_PROXIES", "", "proxies believed about client and protocol: addresses, networks, unix"),
    Variable("BUSINESS_NOW", "", "fixes the business clock, ISO 8601; for old data"),
    Variable("BUSINESS_TIME_ZONE", "Asia/Shanghai", "time zone of the platform's days"),
    Variable("BUSINESS_CURRENCY", "CNY", "currency of all money, ISO 4217"),
    Variable("OPERATOR_ROLE", "licensed_institution", "or third_party_platform, other: who runs this"),
    Variable("PUBLIC_ADDRESS", "", "where members open our pages: https://name; begins links in messages"),
    Variable("WORKING_HOURS", "09:00-12:00,13:30-18:00", "working hours of a working day, platform time"),
    Variable("UPLOAD_LIMIT_MB", "2048", "size of a file sent through the import page, at most"),
    Variable("UPLOAD_STORAGE", "", "Django storage class of uploads; empty = the folder uploads in var/"),
    Variable("UPLOAD_STORAGE_OPTIONS", "{}", "options of that storage, a JSON object"),
    Variable("PERENNIAL_VAR", "", "folder for data, keys and logs; empty = var/ beside manage.py"),
)
_DEFAULTS = {variable.name: variable.default for variable in TABLE}


def text(name: str) -> str:
    """The variable's value or its default, stripped."""
    return os.environ.get(name, _DEFAULTS[name]).strip()


def folder() -> Path:
    """Where data, keys and logs are."""
    return Path(text("PERENNIAL_VAR") or Path(__file__).resolve().parent.parent / "var")


def terminal_language() -> str:
    """The language that commands speak: Chinese where the terminal's locale is Chinese, else English."""
    locales = (os.environ.get(name, "") for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh-hans" if next(filter(None, locales), "").lower().startswith("zh") else "en"


def flag(name: str) -> bool:
    """A yes-or-no variable. Raises BadSetting on anything but 0/1, no/yes, false/true."""
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name}={value!r}: use 1 or 0")


def words(name: str) -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def mapping(name: str) -> dict[str, Any]:
    """A JSON object. Raises BadSetting on anything else."""
    try:
        value = json.loads(text(name) or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise BadSetting(f"{name}: use a JSON object")  # without its value, which may hold a password
    return value


def number(name: str) -> int:
    """A whole number above 0. Raises BadSetting on anything else."""
    value = text(name)
    if not value.isdecimal() or not int(value):
        raise BadSetting(f"{name}={value!r}: use a whole number above 0")
    return int(value)
