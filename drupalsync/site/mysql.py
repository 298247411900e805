"""MySQL and MariaDB through PyMySQL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pymysql
from pymysql.constants import CLIENT, FIELD_TYPE
from pymysql.converters import conversions
from pymysql.cursors import Cursor, SSCursor

from drupalsync.site.database import CannotConnect, Cell, Column, ConnectionLost, DatabaseError, LockBusy, Row
from drupalsync.site.url import Address

# ANSI_QUOTES: one SQL text for all engines. STRICT_ALL_TABLES: a value that does not fit is an error, never cut.
SQL_MODE = "ANSI_QUOTES,STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION"
MENDS = {
    1044: "the account has no right on this database: GRANT it, or check the database's name",
    1142: "the account lacks a right: GRANT it; the first import needs CREATE for drupalsync's own tables, a new field "
    "CREATE and DROP, a field that goes ALTER, CREATE, INSERT and DROP",
    1267: "a name with a character that the table's character set lacks (an emoji in utf8mb3)? spell it without",
    1366: "a character that the table's character set lacks (an emoji in utf8mb3)? take it out, or convert to utf8mb4",
    1045: "check user and password: in settings.php, in the environment variable that drupalsync.yml names, or in password_file",
    1049: "check the database's name, or the environment in drupalsync.yml",
    2003: "is the server up, and reachable from here? check host and port",
}
TYPES = {
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "int", "bigint", "year", "bit"), "int"),
    **dict.fromkeys(("float", "double"), "float"),
    "decimal": "numeric",
    **dict.fromkeys(("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"), "blob"),
}
# Decimals, dates and times stay the text that the server sends: their exact digits matter, Python's types do not.
_AS_TEXT = (
    FIELD_TYPE.DECIMAL,
    FIELD_TYPE.NEWDECIMAL,
    FIELD_TYPE.DATE,
    FIELD_TYPE.DATETIME,
    FIELD_TYPE.TIMESTAMP,
    FIELD_TYPE.TIME,
)
CONVERSIONS: dict[Any, Any] = {key: value for key, value in conversions.items() if key not in _AS_TEXT}


# What a message quotes of a statement's values: to the end, or to the last quote before the column or key that it names.
_VALUE = re.compile(
    r"(Truncated incorrect [\w ]*value:?) '.*"
    r"|(Duplicate entry|Incorrect [\w ]*value:?) "
    r"(?:'.*'(?= for (?:column|key) [`'][\w$.`-]+[`'](?: at row \d+)?\Z)|'.*)",
    re.DOTALL,
)


class Mysql:
    """A site in a MySQL or MariaDB schema."""

    engine = "mysql"

    def __init__(self, address: Address) -> None:
        self._address = address
        self._shown = address.shown
        self._lock: str | None = None
        try:
            self._db = pymysql.connect(
                host=address.host or "localhost",
                port=address.port,
                user=address.user,
                password=address.password,
                database=address.database,
                unix_socket=address.unix_socket or None,
                charset="utf8mb4",
                autocommit=True,
                conv=CONVERSIONS,
                connect_timeout=10,
                ssl=dict(address.ssl) or None,
                client_flag=CLIENT.FOUND_ROWS,  # an UPDATE that changes nothing still found its row
                init_command=f"SET SESSION sql_mode='{SQL_MODE}'",
            )
        except (pymysql.MySQLError, OSError) as error:
            raise _cannot_connect(error, address) from error
        self._run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", ())

    def query(self, sql: str, params: Sequence[Cell] = ()) -> list[Row]:
        return list(self._run(sql, params).fetchall())

    def stream(self, sql: str, params: Sequence[Cell] = ()) -> Iterator[Row]:
        with self._db.cursor(SSCursor) as cursor:
            try:
                cursor.execute(_format(sql), tuple(params))
                yield from cursor
            except pymysql.MySQLError as error:
                raise self._refused(error) from None  # its own text may hold a value
            except GeneratorExit:
                raise
            except BaseException:
                self._db.close()  # as in _run
                raise

    def execute(self, sql: str, params: Sequence[Cell] = ()) -> int:
        return self._run(sql, params).rowcount

    def execute_many(self, sql: str, rows: Iterable[Sequence[Cell]]) -> None:
        with self._db.cursor() as cursor:
            try:
                cursor.executemany(_format(sql), [tuple(row) for row in rows])
            except pymysql.MySQLError as error:
                raise self._refused(error) from None  # its own text may hold a value
            except BaseException:
                self._db.close()  # as in _run
                raise

    def insert(self, sql: str, params: Sequence[Cell]) -> int:
        return int(self._run(sql, params).lastrowid or 0)

    def named(self, prefix: str) -> str:
        return prefix

    def tables(self) -> set[str]:
        return {
            str(name)
            for (name,) in self.query(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
            )
        }

    def columns(self, table: str) -> dict[str, Column]:
        rows = self.query(
            "SELECT column_name, data_type, is_nullable, column_default, numeric_scale, character_maximum_length, "
            "character_set_name "
            "FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position",
            (table,),
        )
        return {str(row[0]): _column(row) for row in rows}

    def quote(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def for_update(self) -> str:
        return " FOR UPDATE"

    def table_options(self) -> str:
        return " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"

    def cannot_roll_back(self) -> dict[str, str]:
        rows = self.query(
            "SELECT table_name, engine FROM information_schema.tables WHERE table_schema = DATABASE() "
            "AND table_type = 'BASE TABLE' AND engine NOT IN ('InnoDB', 'TokuDB', 'RocksDB', 'ndbcluster')"
        )
        return {str(name): str(engine) for name, engine in rows}

    def begin_snapshot(self) -> None:
        self._run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", ())

    def begin(self) -> None:
        self._run("START TRANSACTION", ())

    def commit(self) -> None:
        self._run("COMMIT", ())

    def rollback(self) -> None:
        self._or_close("ROLLBACK")

    def take_lock(self, name: str, seconds: float) -> None:
        lock = self._server_wide(name)
        (got,) = self.query("SELECT GET_LOCK(?, ?)", (lock, seconds))[0]
        if got != 1:
            raise LockBusy("another import is running on this site", where=self._shown)
        self._lock = lock

    def session(self) -> str:
        ((number,),) = self.query("SELECT CONNECTION_ID()")
        return f"connection {number!s}"

    def lock_holder(self, name: str) -> str:
        ((holder,),) = self.query("SELECT IS_USED_LOCK(?)", (self._server_wide(name),))
        return f"connection {holder!s}" if holder else ""

    def owns_lock(self) -> bool:
        if self._lock is None:
            return False
        (ours,) = self.query("SELECT IS_USED_LOCK(?) = CONNECTION_ID()", (self._lock,))[0]
        return ours == 1

    def release_lock(self) -> None:
        if self._lock is not None:
            self._or_close("SELECT RELEASE_LOCK(?)", self._lock)
        self._lock = None

    def identity(self) -> str:
        ((host, port),) = self.query("SELECT @@hostname, @@port")
        return f"mysql:{host!s}:{port!s}/{self._address.database}"

    def close(self) -> None:
        if self._db.open:
            self._db.close()

    def _run(self, sql: str, params: Sequence[Cell]) -> Cursor:
        cursor = self._db.cursor()
        try:
            cursor.execute(_format(sql), tuple(params))
        except (pymysql.MySQLError, OSError) as error:
            raise self._refused(error) from None  # its own text may hold a value
        except BaseException:
            # Interrupted before its answer was read: the next statement would take that for its own.
            self._db.close()
            raise
        return cursor

    def _server_wide(self, name: str) -> str:
        # A lock's name holds for all schemas, and MySQL 5.7 allows 64 characters.
        return f"{name}.{self._address.database}"[:64]

    def _or_close(self, sql: str, *params: Cell) -> None:
        """Runs a statement that only ends something; where that fails the connection's end does the same."""
        if self._db.open:
            try:
                self._run(sql, params)
            except DatabaseError:
                self.close()

    def _refused(self, error: Exception) -> DatabaseError:
        if not self._db.open:
            return ConnectionLost(
                "the connection to the database was lost",
                where=self._shown,
                hint="see to the server, then run it again",
            )
        code, text = _told(error)
        return DatabaseError(f"the database says: {text}", where=self._shown, hint=MENDS.get(code, ""))


def _format(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def _told(error: Exception) -> tuple[int, str]:
    """The server's error number and sentence, without values that a statement carried."""
    code, text = (*error.args, "")[:2] if error.args and isinstance(error.args[0], int) else (0, str(error))
    return int(code), _VALUE.sub(lambda found: f"{found[1] or found[2]} …", str(text))


def _cannot_connect(error: Exception, address: Address) -> CannotConnect:
    code, text = _told(error)
    hint = MENDS.get(code, "")
    cause = getattr(error, "original_exception", error)
    if isinstance(cause, OSError):  # said plainly, and not as "Can't connect (… [Errno 2] …)"
        text = cause.strerror or str(cause)
        hint = "is the server up, and is this its socket?" if address.unix_socket else MENDS[2003]
    return CannotConnect(f"cannot connect: {text}", where=address.shown, hint=hint)


def _column(row: Row) -> Column:
    name, data_type, nullable, default, scale, length, charset = row
    kind = TYPES.get(str(data_type).lower(), "text")
    return Column(
        name=str(name),
        type=kind,
        nullable=nullable == "YES",
        default=default_of(kind, default),
        scale=int(scale or 0) if kind == "numeric" else 0,
        length=int(length or 0) if kind == "text" else 0,
        charset=str(charset or ""),
    )


def default_of(kind: str, written: Cell) -> Cell:
    """The value of a DEFAULT clause: MySQL shows the bare text, MariaDB shows NULL, 0 and 'text' as SQL."""
    if written is None or written == "NULL":
        return None
    text = str(written)
    if len(text) > 1 and text.startswith("'") and text.endswith("'"):
        text = text[1:-1].replace("''", "'").replace("\\\\", "\\")
    if kind == "int":
        return int(text) if re.fullmatch(r"-?\d+", text) else None
    return float(text) if kind == "float" else text
