"""All that a list is filtered by as one rule: what the advanced filter begins with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crm.directory.list.request.mistakes import without_mistakes
from crm.directory.list.request.parse import ListRequest, parse
from crm.staff.models import Staff
from members.rules.language.to_json import to_json


def as_rule(asked: ListRequest, *added: dict[str, Any]) -> dict[str, str]:
    """The changes to the address by which one rule stands for its quick filters, its rule and what is added.

    The quick filters become empty: none is asked twice. What is no condition (search, order, columns) stays.
    """
    conditions = [*map(to_json, asked.conditions()), *added]
    rule = conditions[0] if len(conditions) == 1 else {"all": conditions}
    text = json.dumps(rule, ensure_ascii=False, separators=(",", ":")) if conditions else ""
    return {**dict.fromkeys(asked.filters, ""), "rule": text}


def filters_in_rule(given: Mapping[str, str], staff: Staff) -> dict[str, str]:
    """The changes to an address by which its rule asks what its quick filters do; none where it has none.

    What the list cannot be asked stays as it is; beside a rule that is none, everything does.
    """
    good, mistakes = without_mistakes({**given, "after": ""}, staff)
    asked = parse(good, staff)
    return as_rule(asked) if asked.filters and "rule" not in mistakes else {}
