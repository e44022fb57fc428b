"""System checks that stop a start: an unclassified field, a tenant table that is built wrongly."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from .registry import own_models, rule_of, unclassified
from .sealed import SealedText

# Tables without a tenant, each with its reason. A table on neither side fails the check.
GLOBAL_TABLES: dict[str, str] = {
    "core_tenant": "a request must find its tenant before it has one",
    "core_tenanthost": "maps a host to a tenant before there is one",
    "core_user": "one sign-in for a person of several lenders",
    "core_user_groups": "part of Django's user; empty: rights are roles of a tenant",
    "core_user_user_permissions": "part of Django's user; empty: rights are roles of a tenant",
    "auth_group": "part of Django's user; empty: rights are roles of a tenant",
    "auth_group_permissions": "part of Django's groups; empty: rights are roles of a tenant",
    "auth_permission": "names of guardian's object permissions, the same for everybody",
    "django_content_type": "names of models, the same for everybody",
    "django_session": "a session begins before the tenant is chosen",
    "django_migrations": "the state of the schema",
    "account_emailaddress": "sign-in, global like the user",
    "account_emailconfirmation": "sign-in, global like the user",
    "mfa_authenticator": "second factors belong to the sign-in",
    "usersessions_usersession": "sessions belong to the sign-in",
    "axes_accessattempt": "lock-out happens before there is a tenant",
    "axes_accessattemptexpiration": "lock-out happens before there is a tenant",
    "axes_accessfailurelog": "lock-out happens before there is a tenant",
    "axes_accesslog": "lock-out happens before there is a tenant",
    "guardian_userobjectpermission": "guardian's generic table; empty and closed: grants have tables of their own",
    "guardian_groupobjectpermission": "guardian's generic table; empty and closed: grants have tables of their own",
    "compliance_ledgerday": "one time stamp a day for the ledgers of all lenders; hashes that name none of them",
    "compliance_ledgertimetoken": "the time stamp of such a day",
    "django_celery_beat_clockedschedule": "schedules of the installation",
    "django_celery_beat_crontabschedule": "schedules of the installation",
    "django_celery_beat_intervalschedule": "schedules of the installation",
    "django_celery_beat_periodictask": "schedules of the installation",
    "django_celery_beat_periodictasks": "schedules of the installation",
    "django_celery_beat_solarschedule": "schedules of the installation",
}


@register
def every_field_has_a_class(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if lines := unclassified():
        hint = "Add it to the app's fields.py (carloan/core/registry.py)."
        return [Error(f"{line}.", hint=hint, id="carloan.E001") for line in lines]
    return [
        Error(f"{model._meta.label}.{field.name} is sealed: no list can narrow by it.", id="carloan.E006")
        for model in own_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedText) and rule_of(model, field.name).search == "filter"
    ]


@register
def every_table_has_a_fence(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        columns = {field.column for field in meta.concrete_fields}
        if "tenant_id" not in columns:
            if meta.db_table not in GLOBAL_TABLES:
                problems.append(
                    Error(
                        f"{meta.db_table} has no tenant and no reason in GLOBAL_TABLES.", obj=model, id="carloan.E002"
                    )
                )
            continue
        problems += [
            Error(
                f"{meta.label}.{field.name}: unique fields tell one tenant about another.", obj=model, id="carloan.E003"
            )
            for field in meta.concrete_fields
            if field.unique and not field.primary_key
        ]
        problems += [
            Error(f"{meta.label}: {constraint.name} must contain the tenant.", obj=model, id="carloan.E004")
            for constraint in meta.constraints
            if isinstance(constraint, models.UniqueConstraint) and not {"tenant", "tenant_id"} & set(constraint.fields)
        ]
        if meta.local_many_to_many:
            problems.append(Error(f"{meta.label}: write the link table out.", obj=model, id="carloan.E005"))
    return problems
