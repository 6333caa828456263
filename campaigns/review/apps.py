from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReviewConfig(AppConfig):
    name = "campaigns.review"
    label = "review"
    mount = ""

    def ready(self) -> None:
        from campaigns.review.publish import publish
        from campaigns.review.rules.load_files import load_packs

        publish()
        post_migrate.connect(load_packs, sender=self, dispatch_uid="rule packs of the shipped files")
