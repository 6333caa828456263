"""The version of a definition rises with it: versions.txt has the fingerprint of each as last seen."""

from __future__ import annotations

from pathlib import Path

from crm.insights.kpis.registry import KPIS

SEEN = Path(__file__).with_name("versions.txt")


def test_a_definition_that_changed_has_another_version():
    """Where it fails: raise `version` and set `since` in the registry, then write the line asked for."""
    seen = {
        code: (int(version), text) for code, version, text in map(str.split, SEEN.read_text().splitlines())
    }
    now = {kpi.code: (kpi.version, kpi.fingerprint) for kpi in KPIS if kpi.is_measured}
    for code, (version, text) in now.items():
        assert code in seen, f"add: {code} {version} {text}"
        assert seen[code] == (version, text) or version > seen[code][0], f"raise the version of {code}"
        assert seen[code] == (version, text), f"write: {code} {version} {text}"
    assert set(seen) == set(now)
