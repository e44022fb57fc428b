"""Settings from the environment: a wrong value stops the start and names the setting."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def text(name: str, default: str | None = None) -> str:
    """The value of NAME, or the content of the file that NAME_FILE names (for secrets that are mounted)."""
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: cannot read {path}: {error.strerror}") from error
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set")
    return default


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, str(default)).strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be on or off, not {value!r}")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "") or str(default)
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from error


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def secret(name: str, folder: Path) -> str:
    """A secret from NAME, NAME_FILE or `folder`/name; made once when absent, readable by its owner only.

    Two processes may start at once on a new machine: the exclusive create lets exactly one of them decide.
    """
    variable = f"CARLOAN_{name.upper()}"
    if given := text(variable, ""):
        return given
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{variable} is not set and {path} cannot be made: {error.strerror}") from error
    value = secrets.token_hex(32)
    with os.fdopen(handle, "w") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    return value


def given_secret(name: str, folder: Path) -> str:
    """A secret like `secret` that is not made when it is absent: '' then."""
    if given := text(f"CARLOAN_{name.upper()}", ""):
        return given
    try:
        return (folder / name).read_text().strip()
    except FileNotFoundError:
        return ""


def address(name: str, default: str = "") -> str:
    """The URL of a server in NAME (…_URL). A URL without a password takes it from …_PASSWORD or …_PASSWORD_FILE.

    So an address can stand in a compose file for everybody to read while its password is a mounted secret.
    """
    url = text(name, default)
    parts = urlsplit(url)
    password = "" if parts.password or not parts.hostname else text(f"{name.removesuffix('_URL')}_PASSWORD", "")
    if not password:
        return url
    server = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username or ''}:{quote(password, safe='')}@{server}"))


def database(name: str, *, default: str = "") -> dict[str, Any]:
    """A postgres:// address as Django's settings for one database."""
    url = address(name, default)
    if not url:
        raise ImproperlyConfigured(f"{name} is not set: start with script/server or script/manage, which provide it")
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must look like postgres://user:password@host:port/name")
    return {
        "ENGINE": "carloan.core.postgres",
        "NAME": unquote(parts.path.lstrip("/")) or "carloan",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": number("CARLOAN_DB_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        # PgBouncer in transaction mode loses server-side cursors between statements.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"connect_timeout": 10, "application_name": "carloan"},
    }


def papers_bucket() -> dict[str, Any]:
    """The S3 store of CARLOAN_S3_BUCKET as Django's settings for one storage; nothing when none is named."""
    return _bucket(
        "CARLOAN_S3_BUCKET",
        "CARLOAN_S3_ENDPOINT",
        "CARLOAN_S3_REGION",
        "CARLOAN_S3_ADDRESSING",
        "CARLOAN_S3_ACCESS_KEY",
        "CARLOAN_S3_SECRET_KEY",
    )


def archive_bucket() -> dict[str, Any]:
    """The same for the quarterly backups of the archive."""
    return _bucket(
        "CARLOAN_ARCHIVE_S3_BUCKET",
        "CARLOAN_ARCHIVE_S3_ENDPOINT",
        "CARLOAN_ARCHIVE_S3_REGION",
        "CARLOAN_ARCHIVE_S3_ADDRESSING",
        "CARLOAN_ARCHIVE_S3_ACCESS_KEY",
        "CARLOAN_ARCHIVE_S3_SECRET_KEY",
    )


def _bucket(*variables: str) -> dict[str, Any]:
    """By the names of its six variables, in the order of the options."""
    bucket, endpoint, region, addressing, access_key, secret_key = variables
    name = text(bucket, "")
    if not name:
        return {}
    return {
        "BACKEND": "carloan.core.bucket.SealedBucket",
        "OPTIONS": {
            "bucket_name": name,
            "endpoint_url": text(endpoint, "") or None,
            "region_name": text(region, "") or None,
            "addressing_style": text(addressing, "auto"),
            "access_key": text(access_key),
            "secret_key": text(secret_key),
        },
    }
