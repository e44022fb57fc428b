"""How the demonstration's lenders reach people: by a sandbox, which sends nothing to anybody."""

from django.conf import settings

from carloan.core.actors import Actor
from carloan.core.models import Tenant
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration.lenders import Lender
from carloan.messaging.carriers import SANDBOX
from carloan.messaging.models import Gateway
from carloan.messaging.services.setup import gateway_set


def reach_people(lender: Lender, tenant: Tenant) -> None:
    """Text messages go to the sandbox, where one runs beside this copy."""
    if not settings.SMS_SANDBOX:
        return
    with tenant_atomic(tenant.id):
        if Gateway.objects.exists():
            return
        gateway_set(
            actor=Actor.system(tenant.id, "demonstration"),
            channel="sms",
            address=SANDBOX,
            account="demonstration",
            secret="",
            sender=lender.name[:20],
            is_active=True,
        )
