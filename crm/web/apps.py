from django.apps import AppConfig
from django.urls import register_converter


class WebConfig(AppConfig):
    name = "crm.web"
    label = "web"
    mount = ""

    def ready(self) -> None:
        from crm.web.ids import IdConverter

        register_converter(IdConverter, "id")
        from crm.web.publish import publish  # models are not loaded before

        publish()
