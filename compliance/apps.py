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
            capabilities_governance,
            faces,
            faces_governance,
            fields,
            fields_governance,
            house_facts,
            kernel_names,
            kernel_words,
            masking_words,
            person_capabilities,
            person_fields,
            person_sections,
            person_wiring,
            protection_wiring,
            retention_faces,
            trail_words,
            wiring,
            wiring_governance,
        )
        from carloan.compliance.selectors.masking import rules_today
        from carloan.compliance.selectors.training import waiting_rights
        from carloan.core.gates import register_gate
        from carloan.core.tightening import register_policy

        register_policy(rules_today)
        register_gate(waiting_rights)
