from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "crm.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the palette find members."""
        from django.utils.translation import gettext_lazy as _  # apps are loading: nothing earlier

        from crm.directory.palette import members
        from crm.web.palette import register

        register("members", _("Members"), members)
