"""Time that a command takes, as a whole process and inside of this one: the best of several interleaved rounds."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Seconds:
    """Time on the clock, and of the processor (user and system) for this process alone."""

    wall: float
    cpu: float

    def best(self, other: Seconds) -> Seconds:
        return Seconds(min(self.wall, other.wall), min(self.cpu, other.cpu))


def process(command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Seconds:
    """Runs a whole process; raises CalledProcessError where it fails."""
    began = time.perf_counter()
    child = subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert child.stderr is not None
    told = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stderr.close()
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command, stderr=told.decode())
    return Seconds(time.perf_counter() - began, used.ru_utime + used.ru_stime)


def inside(work: Callable[[], object]) -> Seconds:
    """Calls a function in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Seconds(time.perf_counter() - wall, time.process_time() - cpu)


def best_of(cases: Mapping[str, Callable[[], Seconds]], rounds: int = ROUNDS) -> dict[str, Seconds]:
    """Every case once a round, so that a slow moment of the machine meets them all; the best of each."""
    best: dict[str, Seconds] = {}
    for _ in range(rounds):
        for name, case in cases.items():
            found = case()
            best[name] = best[name].best(found) if name in best else found
    return best
