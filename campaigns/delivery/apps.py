from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DeliveryConfig(AppConfig):
    name = "campaigns.delivery"
    label = "delivery"
    mount = "delivery/"

    def ready(self) -> None:
        from campaigns.delivery.gate.floor import write_function
        from campaigns.delivery.publish import publish

        publish()
        post_migrate.connect(
            write_function, sender=self, dispatch_uid="what the database judges of messages again"
        )
