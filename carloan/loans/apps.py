from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LoansConfig(AppConfig):
    name = "carloan.loans"
    label = "loans"
    verbose_name = _("Loans")

    def ready(self) -> None:
        from . import capabilities, fields, trail_words, wiring  # noqa: F401
