from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "carloan.core"
    label = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        from . import capabilities_core, checks, fields, fields_rights, signing  # noqa: F401
        from .pages import items, sign_in_trail  # noqa: F401
        from .services import review_kinds, terms  # noqa: F401
