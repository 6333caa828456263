from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortfolioConfig(AppConfig):
    name = "members.portfolio"
    label = "portfolio"
    verbose_name = _("Reference data: products")
    mount = "suitability/"

    def ready(self) -> None:
        from members.portfolio.publish import publish

        publish()
