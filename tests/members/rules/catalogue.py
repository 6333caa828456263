"""Fields, activities and a measure for tests of the language, over the tables that there are."""

from __future__ import annotations

from crm.runtime.extension.labels import Verbatim
from crm.staff.privacy.masking import DataClass, Privacy
from members.profiles.privacy import INTERNAL
from members.rules.catalogue.activities import Activity, Measure, Property, activities, measures
from members.rules.catalogue.fields import Field, Past, Source, fields, sources
from members.rules.catalogue.types import Choice, Type

HIDDEN = Privacy(DataClass.C2, "mobile")  # plain to nobody


def field(name: str, type: Type, sql: str, **more) -> Field:
    given = {"privacy": (INTERNAL,), "tables": ("profiles_member",), "past": Past.SAME} | more
    words = Verbatim(name.replace("_", " ").capitalize())
    return Field(name=name, label=words, help=words, type=type, sql=sql, **given)


CLASSES = [Choice(f"C{number}", Verbatim(f"C{number}")) for number in range(6)]
CIRCLES = [
    Choice("open", Verbatim("Open")),
    Choice("closed", Verbatim("Closed")),
]  # the latter plain to nobody
PREFERENCE = Source("t_wish", "profiles_preference", "member_id", optional=True)
FIELDS = (
    field("t_region", Type.TEXT, "m.region"),
    field("t_class", Type.CHOICE, "m.risk_class", choices=lambda: CLASSES),
    field("t_registered", Type.INSTANT, "m.registered_at"),
    field("t_born", Type.DAY, "m.birth_date"),
    field("t_touched", Type.INSTANT, "m.updated_at", past=Past.UNKNOWN),  # of the past or of the future
    field("t_assessed", Type.DAY, "m.risk_assessed_on", past=Past.UNKNOWN),
    field("t_tags", Type.SET, "m.tags"),
    field("t_registered_at_all", Type.FLAG, "m.registered_at <= %(now)s", past="m.registered_at <= %(now)s",
          next="CASE WHEN m.registered_at > %(now)s THEN m.registered_at END",
          past_next="CASE WHEN m.registered_at > %(now)s THEN m.registered_at END"),
    field("t_horizon", Type.NUMBER, "t_wish.horizon_days", sources=("t_wish",),
          tables=("profiles_preference",)),
    field("t_secret", Type.TEXT, "m.occupation", privacy=(HIDDEN,)),
)  # fmt: skip


def _property(name: str, type: Type, sql: str, **more) -> Property:
    return Property(name=name, label=Verbatim(name.capitalize()), type=type, sql=sql, **more)


ACTIVITIES = (
    Activity(
        name="t_event", label=Verbatim("Event"), did=Verbatim("did something"),
        table="profiles_event", at="a.at", privacy=(INTERNAL,),
        properties=(
            _property("name", Type.TEXT, "a.name"),
            _property("properties", Type.TEXT, "a.properties", open=True),
            _property("secret", Type.TEXT, "a.id", privacy=(HIDDEN,)),
        ),
    ),
    Activity(
        name="t_trade", label=Verbatim("Trade"), did=Verbatim("traded"),
        table="portfolio_transaction", at="a.at", privacy=(INTERNAL,),
        properties=(
            _property("amount", Type.MONEY, "a.amount"),
            _property("matures_on", Type.DAY, "a.matures_on"),
        ),
    ),
    Activity(
        name="t_assessment", label=Verbatim("Assessment"), did=Verbatim("was assessed"),
        table="profiles_riskassessment", at="a.assessed_on", by_day=True, privacy=(INTERNAL,),
    ),
    Activity(
        name="t_hidden", label=Verbatim("Hidden"), did=Verbatim("hid"), table="profiles_signal", at="a.at",
        privacy=(HIDDEN,),
    ),
)  # fmt: skip
CIRCLE = field(
    "t_circles", Type.SET, "m.tags", choices=lambda: CIRCLES, choices_for=lambda staff: CIRCLES[:1]
)
AWARD = Activity(
    name="t_award", label=Verbatim("Award"), did=Verbatim("was awarded"), table="profiles_event",
    at="a.at", privacy=(INTERNAL,),
    properties=(
        _property("circle", Type.CHOICE, "a.name", choices=lambda: CIRCLES,
                  choices_for=lambda staff: CIRCLES[:1]),
    ),
)  # fmt: skip
ASSETS = Measure(
    name="t_assets", label=Verbatim("Assets"), table="portfolio_valuation", day="a.date", value="a.aum",
    type=Type.MONEY, privacy=(INTERNAL,),
)  # fmt: skip


def remove(monkeypatch) -> None:
    """Let the catalogue be that of the product again."""
    for registry in (fields, activities, measures):
        for name in [name for name in registry if name.startswith("t_")]:
            monkeypatch.delitem(registry._entries, name)


def install_hidden_choices(monkeypatch) -> None:
    """Let it hold a field and an activity one of whose choices nobody sees."""
    monkeypatch.setitem(fields._entries, CIRCLE.name, CIRCLE)
    monkeypatch.setitem(activities._entries, AWARD.name, AWARD)


def install(monkeypatch) -> None:
    """Let the catalogue hold these too, until the test is over."""
    for registry, entries in ((fields, FIELDS), (activities, ACTIVITIES), (measures, (ASSETS,))):
        for entry in entries:
            monkeypatch.setitem(registry._entries, entry.name, entry)
    monkeypatch.setitem(sources._entries, PREFERENCE.alias, PREFERENCE)
