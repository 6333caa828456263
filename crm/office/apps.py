from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Pages about the staff themselves; the rules they show and the rows they change are crm.staff's."""

    name = "crm.office"
    label = "office"
    mount = ""

    def ready(self) -> None:
        from crm.office.publish import publish  # models are not loaded before

        publish()
