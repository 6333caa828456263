from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "members.portfolio"
    label = "portfolio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from members.portfolio.intake import publish

        publish()
