from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DataQualityConfig(AppConfig):
    name = "dataquality"
    label = "dataquality"
    verbose_name = "Data quality"

    def ready(self) -> None:
        """Find what every app says of its tables and reports, as the admin site finds admin.py."""
        autodiscover_modules("quality", "reports")
