from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "crm.insights"
    label = "insights"
    mount = ""

    def ready(self) -> None:
        from crm.insights.publish import publish  # models are not loaded before

        publish()
