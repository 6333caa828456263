from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "campaigns.delivery"
    label = "delivery"
    mount = "delivery/"

    def ready(self) -> None:
        from campaigns.delivery.publish import publish

        publish()
