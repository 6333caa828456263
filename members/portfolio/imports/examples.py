"""Examples for the columns of this app's kinds."""

from __future__ import annotations

from crm.imports.vocabulary.examples import publish

publish(
    {
        "product_id": "P1001",
        "products.name": "稳健债券90天",
        "products.name_en": "Steady Bond 90 days",
        "category": "bond",
        "registration_code": "Z7001026000123",
        "closed_on": "2035-12-31",  # until then it is offered
        "transaction_id": "T1001",
        "aum": "250000.00",
        "plan_id": "D1001",
        "ended_on": "",  # while it goes on
    }
)
