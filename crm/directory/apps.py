from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "crm.directory"
    label = "directory"
    mount = ""

    def ready(self) -> None:
        from crm.directory.publish import publish  # models are not loaded before

        publish()
