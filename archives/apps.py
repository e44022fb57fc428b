from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchivesConfig(AppConfig):
    name = "carloan.archives"
    label = "archives"
    verbose_name = _("Archives")

    def ready(self) -> None:
        from carloan.archives import (  # noqa: F401
            capabilities,
            capabilities_originals,
            fields,
            fields_originals,
            wiring,
            wiring_originals,
        )
        from carloan.archives.services.originals.shredding import originals_shred
        from carloan.archives.services.shredding import papers_shred
        from carloan.loans.services.shredding import register_shredder

        register_shredder(papers_shred)
        register_shredder(originals_shred)
