from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "crm.imports"
    label = "imports"
    mount = ""

    def ready(self) -> None:
        from crm.imports import checks  # noqa: F401  # importing it registers the checks
        from crm.imports.publish import publish  # models are not loaded before

        publish()
