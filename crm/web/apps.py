from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "crm.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
