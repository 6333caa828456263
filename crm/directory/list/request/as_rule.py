"""All that a list is filtered by as one rule: what the advanced filter begins with."""

from __future__ import annotations

import json
from typing import Any

from crm.directory.list.request.parse import ListRequest
from members.rules.language.to_json import to_json


def as_rule(asked: ListRequest, *added: dict[str, Any]) -> dict[str, str]:
    """The changes to the address by which one rule stands for its quick filters, its rule and what is added.

    The quick filters become empty: none is asked twice. What is no condition (search, order, columns) stays.
    """
    conditions = [*map(to_json, asked.conditions()), *added]
    rule = conditions[0] if len(conditions) == 1 else {"all": conditions}
    text = json.dumps(rule, ensure_ascii=False, separators=(",", ":")) if conditions else ""
    return {**dict.fromkeys(asked.filters, ""), "rule": text}
