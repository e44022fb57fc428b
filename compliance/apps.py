from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplianceConfig(AppConfig):
    name = "carloan.compliance"
    label = "compliance"
    verbose_name = _("Compliance")

    def ready(self) -> None:
        from carloan.compliance import (  # noqa: F401
            anomaly_names,
            capabilities,
            faces,
            fields,
            kernel_names,
            kernel_words,
            masking_words,
            person_capabilities,
            person_fields,
            person_sections,
            person_wiring,
            protection_wiring,
            trail_words,
            wiring,
        )
        from carloan.compliance.selectors.masking import rules_today
        from carloan.core.tightening import register_policy

        register_policy(rules_today)
