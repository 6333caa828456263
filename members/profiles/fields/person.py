"""Who a member is. What identifies a person is described all the same: hardly anybody may ask about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.utils.translation import gettext_lazy as _

from crm.runtime.extension.labels import Label
from members.profiles.member_view import plain_text
from members.profiles.models import Sex
from members.profiles.personal.field_labels import FIELD_LABELS
from members.profiles.privacy import CLASSES
from members.rules.catalogue import groups
from members.rules.catalogue.fields import Field, Past
from members.rules.catalogue.types import Choice, Type

_OF_MEMBER = CLASSES["Member"]
_TABLES = ("profiles_member",)


def _sexes() -> Sequence[Choice]:
    return [Choice(value, label) for value, label in Sex.choices]


def _sealed(name: str, help_text: Label) -> Field:
    """A personal value that is encrypted at rest."""
    return Field(
        name=name,
        label=FIELD_LABELS[name],
        help=help_text,
        type=Type.TEXT,
        sql=f"m.{name}",
        privacy=(_OF_MEMBER[name],),
        tables=_TABLES,
        group=groups.PERSON,
        decrypt=partial(plain_text, name),
    )


def _text(name: str, help_text: Label) -> Field:
    """A text that may be empty, which counts as missing."""
    return Field(
        name=name,
        label=FIELD_LABELS[name],
        help=help_text,
        type=Type.TEXT,
        sql=f"nullif(m.{name}, '')",
        privacy=(_OF_MEMBER[name],),
        tables=_TABLES,
        group=groups.PERSON,
    )


FIELDS = (
    Field(
        name="member_id",
        label=_("Number in this system"),
        help=_("The number under which Perennial keeps the member, such as #123."),
        type=Type.NUMBER,
        sql="m.id",
        privacy=(_OF_MEMBER["id"],),
        tables=_TABLES,
        past=Past.SAME,
        group=groups.PERSON,
        searched_by=("id",),
    ),
    Field(
        name="number",
        label=_("Platform member number"),
        help=_("The member's number on the platform."),
        type=Type.TEXT,
        sql=(
            "(SELECT min(i.value) FROM profiles_identity AS i WHERE i.member_id = m.id AND i.kind = 'member')"
        ),
        privacy=(CLASSES["Identity"]["value"],),
        tables=("profiles_identity",),
        group=groups.PERSON,
        searched_by=("id",),
    ),
    _text("name", _("The member's name.")),
    _sealed("mobile", _("The mobile number. Encrypted: it can only be asked whether there is one.")),
    _sealed("email", _("The email address. Encrypted: it can only be asked whether there is one.")),
    _sealed("id_number", _("The ID number. Encrypted: it can only be asked whether there is one.")),
    _sealed("address", _("The postal address. Encrypted: it can only be asked whether there is one.")),
    Field(
        name="birth_date",
        label=FIELD_LABELS["birth_date"],
        help=_("The date of birth."),
        type=Type.DAY,
        sql="m.birth_date",
        privacy=(_OF_MEMBER["birth_date"],),
        tables=_TABLES,
        past=Past.SAME,
        group=groups.PERSON,
        searched_by=("birthday", "age"),
    ),
    Field(
        name="sex",
        label=FIELD_LABELS["sex"],
        help=_("The gender on record."),
        type=Type.CHOICE,
        sql="m.sex",
        privacy=(_OF_MEMBER["sex"],),
        tables=_TABLES,
        choices=_sexes,
        group=groups.PERSON,
        searched_by=("sex",),
    ),
    _text("region", _("Where the member lives, as the source writes it.")),
    _text("occupation", _("The occupation, as the source writes it.")),
    _text("income_band", _("The income band, as the source writes it.")),
    _text("language", _("The language the member prefers.")),
    Field(
        name="tags",
        label=_("Tags"),
        help=_("The tags that the source or staff gave the member."),
        type=Type.SET,
        sql="m.tags::text[]",
        privacy=(_OF_MEMBER["tags"],),
        tables=_TABLES,
        group=groups.PERSON,
        searched_by=("label",),
    ),
    Field(
        name="in_household",
        label=_("In a household"),
        negated=_("Not in a household"),
        help=_("Whether the member belongs to a household with others."),
        type=Type.FLAG,
        sql="m.household_id IS NOT NULL",
        privacy=(_OF_MEMBER["household"],),
        tables=_TABLES,
        group=groups.PERSON,
        searched_by=("family",),
    ),
)
