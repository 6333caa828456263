from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class ProfilesConfig(AppConfig):
    name = "members.profiles"
    label = "profiles"
    mount = ""
    verbose_name = _("Reference data: channels")

    def ready(self) -> None:
        from members.profiles.operator_role import check_operator_role
        from members.profiles.publish import publish  # models are not loaded before

        publish()
        register(check_operator_role)
