from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "members.rules"
    label = "rules"
