"""Every field of every member table has a class, and every kind a rule for every role."""

from importlib import import_module

import pytest
from django.apps import apps

from crm.staff.models import Role
from crm.staff.privacy.mask_levels import MASK_LEVELS, MaskLevel
from crm.staff.privacy.masking import KINDS, DataClass
from members.profiles.privacy import CLASSES

APPS = [app for app in apps.get_app_configs() if app.name.startswith("members.")]
MODELS = [model for app in APPS for model in app.get_models()]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_field_has_a_class_and_no_class_is_left_over(model):
    declared = import_module(f"{apps.get_app_config(model._meta.app_label).name}.privacy").CLASSES
    fields = {field.name for field in model._meta.local_concrete_fields}
    fields.discard("pk")  # a composite key is made of fields of its own
    assert set(declared[model.__name__]) == fields


def _declared():
    for app in (app for app in APPS if list(app.get_models())):
        for model, fields in import_module(f"{app.name}.privacy").CLASSES.items():
            for field, privacy in fields.items():
                yield f"{model}.{field}", privacy


def test_every_kind_has_a_rule_for_every_role_and_a_mask_where_it_is_masked():
    for field, privacy in _declared():
        assert set(MASK_LEVELS[privacy.kind]) == set(Role), field
    for kind, line in MASK_LEVELS.items():
        if MaskLevel.MASKED in line.values():
            assert kind in KINDS


def test_what_authenticates_is_not_kept():
    assert [field for field, privacy in _declared() if privacy.data_class is DataClass.C3] == []


def test_whatever_is_sealed_is_masked_for_all_and_hidden_from_analysts():
    for field in ("mobile", "email", "id_number", "address"):
        line = MASK_LEVELS[CLASSES["Member"][field].kind]
        assert line[Role.ANALYST] is MaskLevel.HIDDEN
        assert set(line.values()) == {MaskLevel.HIDDEN, MaskLevel.MASKED}
