"""No message repeats a password, or a value that a statement carried, whatever characters are in it."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pymysql
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drupalsync.site import DatabaseError
from drupalsync.site.mysql import Mysql, _cannot_connect, _told
from drupalsync.site.url import BadDatabaseUrl, parse_url

if TYPE_CHECKING:
    from support.mariadb import Server

PARTS: Final = ("hunter", "swordfish", "mellon")
ODD: Final = st.text(st.sampled_from("#/?@:[]%\\ &=;+\"'<>|^~`{}!$*(),.-_ \t\né€0123456789"), max_size=4)
PASSWORDS: Final = st.tuples(ODD, *(st.tuples(st.just(part), ODD) for part in PARTS)).map(
    lambda found: found[0] + "".join(part + odd for part, odd in found[1:])
)


def _all_that_is_told(url: str) -> str:
    try:
        address = parse_url(url, folder=Path("/"))
    except BadDatabaseUrl as error:
        return f"{error.where} {error.hint} " + "".join(traceback.format_exception(error))
    return f"{address.shown} {address!r}"


@given(password=PASSWORDS)
def test_a_url_with_any_password_shows_no_part_of_it(password: str) -> None:
    told = _all_that_is_told(f"mysql://root:{password}@localhost/museum")

    assert [part for part in PARTS if part in told] == []


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root:pa#hunter@localhost/museum",
        "mysql://root:12/hunter@localhost",
        "mysql://root:12?hunter=1@localhost/museum",
        "mysql://root:12#hunter@localhost/museum",
        "mysql://root:p@12/hunter@localhost",
        "mysql://root:[hunter@localhost/museum",
        "mysql:root:hunter@localhost",
        "mysqll://root:12?hunter@localhost/museum",
    ],
)
def test_a_password_that_must_be_escaped_is_an_error_without_it(url: str) -> None:
    with pytest.raises(BadDatabaseUrl) as found:
        parse_url(url, folder=Path("/"))

    assert "hunter" not in _all_that_is_told(url)
    assert found.value.hint


def test_an_escaped_password_is_understood() -> None:
    address = parse_url("mysql://root:pa%23s%2Fs%3Fw%40rd@db.example:3307/museum", folder=Path("/"))

    assert (address.password, address.host, address.port) == ("pa#s/s?w@rd", "db.example", 3307)
    assert address.shown == "mysql://root@db.example:3307/museum"


def test_a_file_with_an_at_sign_needs_no_escape() -> None:
    assert parse_url("sqlite:////srv/site@2024.sqlite", folder=Path("/")).database == "/srv/site@2024.sqlite"


SECRETS: Final = [
    pytest.param("hunter2", id="plain"),
    pytest.param("it's 'hunter2'", id="quotes"),
    pytest.param("a\nhunter2\nb", id="lines"),
    pytest.param("x' for key 'hunter2", id="looks like the end"),
    pytest.param("x' for key 'a' and hunter2", id="looks like the end and goes on"),
    pytest.param("x' for column 'hunter2' at row 1 ", id="looks like a column"),
    pytest.param("", id="nothing"),
    pytest.param("a' for key hunter2" + "y" * 600, id="as long as the server allows"),
]
MESSAGES: Final = [
    pytest.param(1062, "Duplicate entry '{}' for key 'variable.PRIMARY'", "for key 'variable.PRIMARY'", id="duplicate"),
    pytest.param(1062, "Duplicate entry '{}-und' for key 'alias_pid'", "for key 'alias_pid'", id="two columns"),
    pytest.param(1292, "Truncated incorrect DOUBLE value: '{}'", "Truncated incorrect DOUBLE value", id="truncated"),
    pytest.param(1292, "Truncated incorrect INTEGER value: '{}'", "Truncated incorrect INTEGER value", id="integer"),
    pytest.param(
        1366,
        "Incorrect string value: '{}' for column `museum`.`variable`.`value` at row 1",
        "for column `museum`.`variable`.`value` at row 1",
        id="a string",
    ),
    pytest.param(
        1366,
        "Incorrect integer value: '{}' for column 'weight' at row 3",
        "for column 'weight' at row 3",
        id="a number",
    ),
    pytest.param(
        1292,
        "Incorrect datetime value: '{}' for column 'created' at row 1",
        "for column 'created' at row 1",
        id="a time",
    ),
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(("code", "message", "told"), MESSAGES)
def test_what_the_server_says_of_a_value_is_told_without_it(code: int, message: str, told: str, secret: str) -> None:
    error = pymysql.err.IntegrityError(code, message.format(secret))

    number, text = _told(error)

    assert number == code
    assert "hunter2" not in text
    assert told in text


@pytest.mark.parametrize(
    "message", ["Duplicate entry '{}", "Incorrect string value: '{}", "Truncated incorrect DOUBLE value: '{}"]
)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_message_that_the_server_cut_short_is_told_without_its_value(message: str, secret: str) -> None:
    assert "hunter2" not in _told(pymysql.err.IntegrityError(1062, message.format(secret)))[1]


def test_what_carries_no_value_is_told_whole() -> None:
    text = "Data too long for column 'title' at row 1"

    assert _told(pymysql.err.DataError(1406, text)) == (1406, text)


def test_a_connection_that_fails_is_told_without_the_password() -> None:
    address = parse_url("mysql://root:hunter2@localhost/museum", folder=Path("/"))
    error = pymysql.err.OperationalError(1045, "Access denied for user 'root'@'localhost' (using password: YES)")

    assert "hunter2" not in str(_cannot_connect(error, address))


def test_not_even_a_traceback_holds_a_value(mariadb: Server) -> None:
    database = Mysql(parse_url(mariadb.create_database("values"), folder=Path("/")))
    database.execute("CREATE TABLE keep (name VARCHAR(64) PRIMARY KEY, weight INT)")
    database.insert("INSERT INTO keep VALUES (?, 1)", ["it's hunter2"])

    for sql, row in (
        ("INSERT INTO keep VALUES (?, 2)", ["it's hunter2"]),
        ("INSERT INTO keep VALUES ('other', ?)", ["hunter2"]),
        ("UPDATE keep SET weight = ? WHERE name + 0 = 5", [1]),
    ):
        for write in (database.insert, database.execute, lambda sql, row: database.execute_many(sql, [row])):
            with pytest.raises(DatabaseError) as found:
                write(sql, row)
            assert "hunter2" not in "".join(traceback.format_exception(found.value))
            assert "value" in found.value.what or "Duplicate entry … for key 'PRIMARY'" in found.value.what
    database.close()
