from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchivesConfig(AppConfig):
    name = "carloan.archives"
    label = "archives"
    verbose_name = _("Archives")

    def ready(self) -> None:
        from carloan.archives import capabilities, fields, wiring  # noqa: F401
        from carloan.archives.services.shredding import papers_shred
        from carloan.loans.services.shredding import register_shredder

        register_shredder(papers_shred)
