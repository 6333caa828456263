from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GreetingsConfig(AppConfig):
    """Birthday greetings that relationship managers send: an app of an installation's own."""

    name = "tests.extension.greetings"
    label = "greetings"
    verbose_name = _("Reference data: occasions")
    mount = "greetings/"

    def ready(self) -> None:
        from tests.extension.greetings.publish import publish  # models are not loaded before

        publish()
