from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "members.profiles"
    label = "profiles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from members.profiles.intake.kinds import publish

        publish()
