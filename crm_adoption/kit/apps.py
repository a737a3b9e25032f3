from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "crm_adoption.kit"
    label = "kit"

    def ready(self) -> None:
        from crm_adoption.kit.prepared import leave_out_of_the_audit  # noqa: PLC0415

        leave_out_of_the_audit()
