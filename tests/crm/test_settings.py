"""What settings make of the environment."""

from __future__ import annotations

from crm import settings as settings_module
from crm.runtime.database.embedded import APP_ROLE


def test_the_options_of_the_url_are_kept_beside_ours(monkeypatch):
    monkeypatch.setenv(
        "DATABASE_URL", "postgres://me@there/it?options=-c%20lock_timeout%3D5s&sslmode=require"
    )
    monkeypatch.setenv("DATABASE_ROLE", APP_ROLE)
    options = settings_module._database()["OPTIONS"]
    own = "-c jit=off -c plan_cache_mode=force_generic_plan -c perennial.zone=Asia/Shanghai"
    assert options["options"] == f"{own} -c lock_timeout=5s -c role={APP_ROLE}"
    assert options["sslmode"] == "require"
    monkeypatch.setenv("DATABASE_ROLE", "owner")
    assert settings_module._database()["OPTIONS"]["options"] == f"{own} -c lock_timeout=5s"
