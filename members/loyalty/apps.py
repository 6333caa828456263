from django.apps import AppConfig


class LoyaltyConfig(AppConfig):
    name = "members.loyalty"
    label = "loyalty"
    mount = "loyalty/"

    def ready(self) -> None:
        from members.loyalty.publish import publish

        publish()
