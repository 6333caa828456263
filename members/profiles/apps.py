from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProfilesConfig(AppConfig):
    name = "members.profiles"
    label = "profiles"
    verbose_name = _("Reference data: channels")

    def ready(self) -> None:
        from members.profiles.publish import publish  # models are not loaded before

        publish()
