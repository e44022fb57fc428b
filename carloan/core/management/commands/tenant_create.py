"""`script/manage tenant_create SLUG NAME --admin … --security-admin … --audit-admin …`: a lender with its keys, roles
and first people: three separated administrators, or with `--one-administrator` a single one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.core.actors import Actor
from carloan.core.calendars import official_years
from carloan.core.errors import AppError
from carloan.core.management.hosts import warnings
from carloan.core.models import Role, Tenant
from carloan.core.services.people import member_add, role_assign
from carloan.core.services.sign_in import first_password
from carloan.core.services.tenants import tenant_change, tenant_create
from carloan.core.tenancy import tenant_atomic
from carloan.lib import money


class Command(BaseCommand):
    help = "Sets up a lender and prints the first passwords of its administrators, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name in the address, for example huaxin")
        parser.add_argument("name", help="name of the lender, in Chinese")
        parser.add_argument("--name-en", default="")
        parser.add_argument("--kind", choices=Tenant.Kind.values, default=Tenant.Kind.BANK)
        parser.add_argument("--currency", choices=list(money.SYMBOLS), default="CNY")
        parser.add_argument("--jurisdiction", default="CN", help="country in two letters (ISO 3166), for example US")
        parser.add_argument("--time-zone", default="", help="for example America/New_York; in China Asia/Shanghai")
        parser.add_argument("--require-mfa", action="store_true", help="nobody enters without a second factor")
        parser.add_argument(
            "--host", action="append", default=[], help="a host name that leads straight to this lender"
        )
        parser.add_argument("--admin", required=True, help="sign-in name of the (system) administrator")
        parser.add_argument("--admin-name", default="管理员")
        parser.add_argument("--security-admin", default="", help="sign-in name of the security administrator")
        parser.add_argument("--audit-admin", default="", help="sign-in name of the audit administrator")
        parser.add_argument(
            "--one-administrator",
            action="store_true",
            help="one person administers everything, for a house of few people; separated later under Settings",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        people = self._people(options)
        passwords = {username: first_password() for _role, username, _name in people}
        try:
            tenant = tenant_create(
                slug=options["slug"],
                name=options["name"],
                name_en=options["name_en"],
                kind=options["kind"],
                currency=options["currency"],
                jurisdiction=options["jurisdiction"],
                time_zone=options["time_zone"],
                separated=not options["one_administrator"],
            )
            tenant_change(
                tenant=tenant,
                require_mfa=options["require_mfa"],
                hosts=options["host"],
            )
            actor = Actor.system(tenant.id, "platform")
            with tenant_atomic(tenant.id):
                for role, username, name in people:
                    member = member_add(actor=actor, username=username, display_name=name, password=passwords[username])
                    role_assign(actor=actor, membership=member, role=Role.objects.get(key=role))
        except AppError as error:
            lines = [str(error), *(f"{name}: {line}" for name, found in error.fields.items() for line in found)]
            raise CommandError("\n".join(lines)) from error
        self.stdout.write(f"{tenant.name} (/t/{tenant.slug}/)")
        for username, password in passwords.items():
            self.stdout.write(f"  {username}  {password}   (shown only now)")
        if not official_years(tenant.jurisdiction):
            self.stderr.write(
                f"The public holidays of {tenant.jurisdiction} are not entered: until Settings > Working days has them,"
                " deadlines are counted from Monday to Friday, with a warning."
            )
        for line in warnings(options["host"]):
            self.stderr.write(line)

    def _people(self, options: dict[str, Any]) -> list[tuple[str, str, str]]:
        """(role, sign-in name, name) of whoever administers the new lender."""
        if options["one_administrator"]:
            if options["security_admin"] or options["audit_admin"]:
                raise CommandError("Either three administrators or --one-administrator.")
            return [("admin", options["admin"], options["admin_name"])]
        named = [options["admin"], options["security_admin"], options["audit_admin"]]
        if len(set(named)) < len(named) or not all(named):
            raise CommandError(
                "Administrators are separated: name three people with --admin, --security-admin and --audit-admin,"
                " or say --one-administrator."
            )
        names = [options["admin_name"], "安全管理员", "审计管理员"]
        return list(zip(("system_admin", "security_admin", "audit_admin"), named, names, strict=True))
