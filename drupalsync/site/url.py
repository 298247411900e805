"""A database's address: what the manifest, the command line or settings.php say of where a site lives.

mysql://user@host:port/database?prefix=icann_&unix_socket=/run/mysqld.sock&ssl_ca=/etc/ca.pem
sqlite:///relative/to/the/manifest.sqlite        sqlite:////absolute.sqlite
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from drupalsync.errors import DrupalsyncError

EXAMPLE = "write mysql://user@host/database or sqlite:///path/to/file"
KNOWN_OPTIONS = frozenset({"prefix", "unix_socket", "ssl_ca", "ssl_cert", "ssl_key"})


class BadDatabaseUrl(DrupalsyncError):
    """A database URL that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is and how to log in; its `repr` and `shown` never hold the password."""

    engine: str  # "mysql" or "sqlite"
    database: str  # a schema's name, or a file's path
    host: str = ""
    port: int = 3306
    user: str = ""
    password: str = field(default="", repr=False)
    unix_socket: str = ""
    ssl: tuple[tuple[str, str], ...] = ()
    prefix: str = ""
    prefixes: tuple[tuple[str, str], ...] = ()  # tables that have a prefix of their own

    @property
    def shown(self) -> str:
        """The address as messages and reports may show it."""
        if self.engine == "sqlite":
            return f"sqlite:///{self.database}"
        place = self.unix_socket or f"{self.host}:{self.port}"
        return f"mysql://{self.user}@{place}/{self.database}"


def parse_url(url: str, *, folder: Path, password: str | None = None) -> Address:
    """Reads a database URL; a relative SQLite path counts from `folder`.

    Raises BadDatabaseUrl, whose message never repeats a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 3306
    except ValueError:
        # `from None`: what urllib says quotes the URL, and with a `#` in a password that is a part of it.
        raise BadDatabaseUrl("the database URL has a host or a port that cannot be read", hint=EXAMPLE) from None
    if parts.scheme != "sqlite" and "@" in f"{parts.path}{parts.query}{parts.fragment}":
        # The password ends before its own end, and what is left of it would pass for a database's name or an option.
        raise BadDatabaseUrl(
            "the database URL has a character before its last @ that must be escaped",
            hint="write # as %23, / as %2F, ? as %3F, and an @ that is none of the URL's own as %40",
        )
    options = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    unknown = sorted(options.keys() - KNOWN_OPTIONS)
    if unknown:
        raise BadDatabaseUrl(
            f"the database URL has an unknown option: {unknown[0]}", hint=f"known: {', '.join(sorted(KNOWN_OPTIONS))}"
        )
    if parts.scheme == "sqlite":
        return _sqlite(parts.path, options, folder)
    if parts.scheme not in {"mysql", "mariadb"}:
        raise BadDatabaseUrl(f"a database URL cannot begin with {parts.scheme or 'nothing'}://", hint=EXAMPLE)
    name = unquote(parts.path.lstrip("/"))
    if not name or "/" in name:
        raise BadDatabaseUrl("the database URL names no database", hint=EXAMPLE)
    return Address(
        engine="mysql",
        database=name,
        host=parts.hostname or "localhost",
        port=port,
        user=unquote(parts.username or ""),
        password=password if password is not None else unquote(parts.password or ""),
        unix_socket=options.get("unix_socket", ""),
        ssl=tuple((key[4:], value) for key, value in sorted(options.items()) if key.startswith("ssl_")),
        prefix=options.get("prefix", ""),
    )


def with_password(address: Address, password: str) -> Address:
    """The same address with this password."""
    return replace(address, password=password)


def _sqlite(path: str, options: dict[str, str], folder: Path) -> Address:
    name = unquote(path)
    if not name.startswith("/") or name == "/":
        raise BadDatabaseUrl(
            "the database URL names no file", hint="sqlite:///relative/file or sqlite:////absolute/file"
        )
    file = Path(name[1:]) if name.startswith("//") else folder / name[1:]
    return Address(engine="sqlite", database=str(file), prefix=options.get("prefix", ""))
