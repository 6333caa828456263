"""What products and transactions publish to the apps below them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.administration import sections
from crm.staff.administration.sections import REFERENCE_DATA, Table
from members.portfolio import imports, timeline
from members.portfolio.fields import activities as trades
from members.portfolio.fields import holdings, plans
from members.profiles.timeline import registry
from members.profiles.timeline.sources import register_names
from members.rules.catalogue import activities, fields
from members.rules.keeping import fact_times
from members.rules.keeping.fact_times import FactTime


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
