"""script/manage demo_credentials [--json]: the logins and API keys of the demonstration."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carloan.demonstration.selectors import demonstration_logins


class Command(BaseCommand):
    help = "Print the logins and API keys of the demonstration. Refuses where there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        found = demonstration_logins()
        if not found:
            raise CommandError("This installation holds no demonstration: there are no logins to print.")
        if options["json"]:
            self.stdout.write(json.dumps({"tenants": found}, ensure_ascii=False, indent=1))
            return
        for tenant in found:
            self.stdout.write(f"\n{tenant['name']}  /t/{tenant['slug']}/")
            for user in tenant["users"]:
                self.stdout.write(f"  {user['role']:<16} {user['username']:<26} {user['password']}")
            for role, key in tenant["api_keys"].items():
                self.stdout.write(f"  API {role:<12} {key}")
