from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "crm.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the palette with what can be done from anywhere."""
        from crm.web.palette.actions import offer  # models are not loaded before

        offer()
