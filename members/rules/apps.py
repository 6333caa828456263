from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "members.rules"
    label = "rules"

    def ready(self) -> None:
        from members.rules.publish import publish

        publish()
