"""What products and transactions publish to the apps below them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.administration import sections
from crm.staff.administration.sections import REFERENCE_DATA, Table
from members.portfolio import imports, timeline
from members.portfolio.fields import activities as trades
from members.portfolio.fields import holdings, plans
from members.portfolio.suitability import publish as suitability
from members.profiles.rights import kept, own_data
from members.profiles.timeline import registry
from members.profiles.timeline.sources import register_names
from members.rules.catalogue import activities, fields
from members.rules.keeping import fact_times
from members.rules.keeping.fact_times import FactTime

TRANSACTIONS = kept.Kept(
    "transactions",
    _("Orders and holdings"),
    _("Securities Law, art. 137; Securities Investment Fund Law, art. 102"),
    20,
    "SELECT max(at) FROM portfolio_transaction WHERE member_id = %(member)s",
)
OWN_DATA = (
    own_data.Section(
        "transactions",
        _("Transactions"),
        "SELECT t.at, t.kind, t.amount, p.code AS product, p.name FROM portfolio_transaction AS t"
        " LEFT JOIN portfolio_product AS p ON p.id = t.product_id"
        " WHERE t.member_id = %(member)s ORDER BY t.at, t.id",
    ),
    own_data.Section(
        "saving_plans",
        _("Saving plans"),
        "SELECT amount, every, started_on, ended_on FROM portfolio_savingplan"
        " WHERE member_id = %(member)s ORDER BY started_on, id",
    ),
    own_data.Section(
        "valuations",
        _("Valuations"),
        "SELECT date, aum FROM portfolio_valuation WHERE member_id = %(member)s ORDER BY date",
    ),
)


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    sections.register(
        Table("portfolio_category", _("Product categories"), "category", REFERENCE_DATA, 20),
        Table("portfolio_product", _("Products"), "inventory_2", REFERENCE_DATA, 30),
    )
    registry.register(*timeline.SOURCES)
    register_names("product", timeline.PRODUCT_PAGES)
    activities.register(trades.TRANSACTION)
    fact_times.register(FactTime(table="portfolio_savingplan", day="a.started_on"))
    activities.register_measures(trades.ASSETS)
    fields.register(*holdings.FIELDS, *plans.FIELDS)
    imports.publish()
    kept.register(TRANSACTIONS)
    own_data.register(*OWN_DATA)
    suitability.publish()
