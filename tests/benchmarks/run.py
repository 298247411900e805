"""./dev bench: how long drupalsync takes on a large site, beside the floor measured in the same run.

The limits are the issue's: an export and a dry run that find nothing new take at most 3 times what reading the rows
and the files takes at all, `--help` at most 8 bare starts of Python, and the number of queries does not grow. A time is
over its limit where both the clock and the processor say so: on a busy machine either alone may lie.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest import mock

from benchmarks import floor
from benchmarks.fill import Size, make_filled_site
from benchmarks.mariadb_copy import copy
from benchmarks.measure import Seconds, best_of, inside, process
from support.cli import Project
from support.mariadb import PATH, PROGRAMS, running

SITE: Final = Size(variables=3000, links=10_000, blocks=500, nodes=2000)
SMALL: Final = Size(variables=600, links=2000, blocks=120, nodes=600)
MANIFEST: Final = "nodes:\n  - {type: page}\n"
TIMES_FLOOR: Final = 3
BARE_STARTS: Final = 8
COLD_ROUNDS: Final = 2  # they are long
FLOOR: Final = "the floor: rows and files, read"
FLOOR_INSIDE: Final = "the floor, in a running Python"
BARE: Final = "a bare start of Python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table; `floor` is what it is compared with, `limit` how many times that it may take."""

    name: str
    took: Seconds
    floor: Seconds
    limit: float | None = None

    @property
    def times(self) -> float:
        return min(self.took.wall / self.floor.wall, self.took.cpu / self.floor.cpu)

    @property
    def over(self) -> bool:
        return self.limit is not None and self.times > self.limit

    def __str__(self) -> str:
        limit = "" if self.limit is None else f"{self.limit:.0f} ×"
        verdict = "" if self.limit is None else "OVER" if self.over else "ok"
        return f"  {self.name:44} {self.took.wall:7.3f} {self.took.cpu:7.3f} {self.times:7.2f} × {limit:>5} {verdict}"


class Bench:
    """A project on one site, and what is run in it."""

    def __init__(self, folder: Path, url: str, database: str) -> None:
        self.project = Project(folder / "project", {"site": url}, manifest=MANIFEST)
        self._database = database  # as the floor wants it
        self._environ = {
            **self.project.environ(),
            "PATH": PATH,
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PYTHONPATH": os.pathsep.join(filter(None, (self.project.environ()["PYTHONPATH"],))),
        }

    def python(self, *arguments: str) -> Seconds:
        return process([sys.executable, *arguments], self.project.root, self._environ)

    def run(self, *arguments: str) -> Seconds:
        return self.python("-m", "drupalsync", *arguments)

    def cold(self, *arguments: str) -> Seconds:
        """Without what earlier runs have left beside the tree."""
        shutil.rmtree(self.project.root / ".drupalsync", ignore_errors=True)
        return self.run(*arguments)

    def inside(self, *arguments: str) -> Seconds:
        return inside(lambda: self.project.run(*arguments, env=self._environ))

    def change(self, number: int) -> None:
        """Edits one variable of the tree."""
        name = "config/variables/bench1.yml"
        lines = [line for line in self.project.read(name).splitlines() if not line.startswith("bench1_setting_1:")]
        self.project.write(name, "\n".join([*lines, f"bench1_setting_1: Edit {number}", ""]))

    def floor(self) -> Seconds:
        return self.python(floor.__file__, self._database, "config")

    def floor_inside(self) -> Seconds:
        return inside(lambda: floor.read(self._database, str(self.project.root / "config")))


def measure(bench: Bench) -> list[Line]:
    """The lines of one engine."""
    first = bench.run("export", "--commit")
    adopted = bench.run("import", "--adopt", "--yes")
    cold = best_of(
        {
            "export, nothing new, cold": lambda: bench.cold("export"),
            "import --dry-run, nothing to do, cold": lambda: bench.cold("import", "--dry-run"),
        },
        COLD_ROUNDS,
    )
    bench.run("export")
    warm = best_of(
        {
            FLOOR: bench.floor,
            BARE: lambda: bench.python("-c", "pass"),
            "--help": lambda: bench.run("--help"),
            "export, nothing new": lambda: bench.run("export"),
            "import --dry-run, nothing to do": lambda: bench.run("import", "--dry-run"),
            FLOOR_INSIDE: bench.floor_inside,
            "export, in a running Python": lambda: bench.inside("export"),
            "import --dry-run, in a running Python": lambda: bench.inside("import", "--dry-run"),
        }
    )
    bench.change(1)
    changed = bench.run("import", "--yes")
    return list(_lines({"export of everything": first, "import --adopt of everything": adopted}, cold, warm, changed))


def _lines(
    once: dict[str, Seconds], cold: dict[str, Seconds], warm: dict[str, Seconds], changed: Seconds
) -> Iterator[Line]:
    floors = {FLOOR: warm.pop(FLOOR), FLOOR_INSIDE: warm.pop(FLOOR_INSIDE), BARE: warm.pop(BARE)}
    for name, took in floors.items():
        yield Line(name=name, took=took, floor=took)
    yield Line(name="--help", took=warm.pop("--help"), floor=floors[BARE], limit=BARE_STARTS)
    for name, took in warm.items():
        within = name.endswith("in a running Python")
        yield Line(name=name, took=took, floor=floors[FLOOR_INSIDE if within else FLOOR], limit=TIMES_FLOOR)
    for name, took in {**cold, "import of one change": changed, **once}.items():
        yield Line(name=name, took=took, floor=floors[FLOOR])


def queries(folder: Path, size: Size) -> dict[str, int]:
    """How many queries a command sends to a site of this size when nothing is to be done and nothing remembered."""
    folder.mkdir()
    make_filled_site(folder / "site.sqlite", size)
    bench = Bench(folder, f"sqlite:///{folder / 'site.sqlite'}", str(folder / "site.sqlite"))
    bench.run("export")
    bench.run("import", "--adopt", "--yes")
    return {" ".join(command): counted(bench, command) for command in (("export",), ("import", "--dry-run"))}


def counted(bench: Bench, command: tuple[str, ...]) -> int:
    from drupalsync.site.sqlite import Sqlite

    shutil.rmtree(bench.project.root / ".drupalsync", ignore_errors=True)
    with mock.patch.object(Sqlite, "query", autospec=True, side_effect=Sqlite.query) as query:
        bench.inside(*command)
    return int(query.call_count)


@contextmanager
def engines(folder: Path) -> Iterator[dict[str, Callable[[], Bench]]]:
    """The large site on each engine that is here."""
    site = folder / "site.sqlite"
    make_filled_site(site, SITE)
    found: dict[str, Callable[[], Bench]] = {"SQLite": lambda: Bench(folder / "sqlite", f"sqlite:///{site}", str(site))}
    if missing := [program for program in PROGRAMS if shutil.which(program, path=PATH) is None]:
        print(f"MariaDB is left out: no {', '.join(missing)} here")
        yield found
        return
    with running() as server:
        url = server.create_database("bench")
        copy(site, server.socket, "bench")
        found["MariaDB"] = lambda: Bench(folder / "mariadb", url, f"{server.socket}:bench")
        yield found


def main() -> int:
    over = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, double = (
            queries(folder / "small", SMALL.half()),
            queries(folder / "double", SMALL),
        )
        for command, count in small.items():
            same = double[command] == count
            over += not same
            print(
                f"  queries of {command}, cold: {count}, for twice the items {double[command]}  {'ok' if same else 'OVER'}"
            )
        print(f"\n  {SITE.variables} variables, {SITE.links} links, {SITE.blocks} blocks, {SITE.nodes} nodes")
        with engines(folder) as found:
            for engine, make in found.items():
                print(f"\n  {engine:44} {'seconds':>7} {'of CPU':>7} {'floors':>8}   limit", flush=True)
                for line in measure(make()):
                    over += line.over
                    print(line, flush=True)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
