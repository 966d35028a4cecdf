from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkersConfig(AppConfig):
    name = "ocrportal.workers"
    verbose_name = _("Recognition")
