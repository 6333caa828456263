from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "crm.desk"
    label = "desk"
    mount = ""

    def ready(self) -> None:
        from crm.desk.publish import publish  # models are not loaded before

        publish()
