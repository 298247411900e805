"""What every kind promises, held against every kind: also one that an entry point adds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from drupalsync.apply.desired import load_tree
from drupalsync.kinds import all_kinds, documents
from drupalsync.kinds.fields import same_tree
from drupalsync.report.schemas import schema_for, schema_names
from drupalsync.tree import Env, IntRef, replace
from drupalsync.tree.files import read_disk
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit

if TYPE_CHECKING:
    from support.cli import Project

SCHEMAS = Path(__file__).parents[3] / "schemas"
LOCAL_ID = re.compile(r"\b(?:node|taxonomy/term|user)/\d+|\b[nmbrtvpf]l?id: \d")
MEMBERS = "TABLES AFTER DOCUMENT FIELDS NAME can_move check create delete fill finish identify likeness lock needs read update worth_exporting"


# The demo's aliases are its nodes'.
WITHOUT_ITEMS = {"url_alias"}


@pytest.fixture
def exported(tiny: Project) -> Path:
    """The tree of the demo's site, which has something of every kind."""
    tiny.run("export")
    return tiny.root / "config"


@pytest.mark.parametrize("name", all_kinds())
def test_a_kind_has_every_member_of_the_protocol(name: str) -> None:
    assert [member for member in MEMBERS.split() if not hasattr(all_kinds()[name], member)] == []
    assert name == all_kinds()[name].NAME


@pytest.mark.parametrize("name", schema_names())
def test_a_schema_that_is_checked_in_is_current(name: str) -> None:
    assert json.loads((SCHEMAS / f"{name}.json").read_text()) == schema_for(name), "./dev golden"
    Draft202012Validator.check_schema(schema_for(name))


def test_every_kind_whose_tables_the_demo_has_has_items_there(tiny: Project, exported: Path) -> None:
    tree = load_tree(read_disk(exported), "config")
    tables = {str(name) for (name,) in tiny.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    there = {name for name, kind in all_kinds().items() if kind.TABLES and tables.issuperset(kind.TABLES)}
    assert there - {item.kind for item in tree.items.values()} == WITHOUT_ITEMS


def test_what_an_export_writes_fits_its_schema(exported: Path) -> None:
    validators = {owner.FOLDER: Draft202012Validator(owner.schema()) for owner in documents().values()}
    for path, data in _of_kinds(exported):
        document: Any = replace(parse(data, where=path), _plain)
        assert [error.message for error in validators[path.split("/")[0]].iter_errors(document)] == [], path


def test_a_file_reads_back_as_the_same_items(exported: Path) -> None:
    for path, data in _of_kinds(exported):
        owner = documents()[path.split("/")[0]]
        items = list(owner.load(path, parse(data, where=path)))
        again = list(owner.load(path, parse(emit(owner.dump(items, None)), where=path)))
        assert [(item.address, True) for item in items] == [
            (other.address, same_tree(item.fields, other.fields)) for item, other in zip(items, again, strict=True)
        ]


def test_no_local_id_stands_in_a_file(exported: Path) -> None:
    assert [path for path, data in read_disk(exported).items() if LOCAL_ID.search(data.decode())] == []


def test_a_second_import_finds_nothing_to_do(tiny: Project, exported: Path) -> None:
    assert exported.is_dir()
    prod = tiny.at("prod")
    prod.run("import", "--adopt", "--yes")
    assert "Nothing to do." in prod.run("import", "--yes").stdout


def _of_kinds(exported: Path) -> list[tuple[str, bytes]]:
    """The files that hold items: not modules.yml, which speaks of the whole tree."""
    return [(path, data) for path, data in read_disk(exported).items() if "/" in path]


def _plain(value: Any) -> Any:
    """What an editor would see of a value: the tags of our dialect as text."""
    return str(value) if isinstance(value, Env | IntRef) else value
