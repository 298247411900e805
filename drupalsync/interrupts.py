"""Ctrl-C and SIGTERM: what they may not cut in two, and what is said where they came too late to change nothing."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from drupalsync.errors import DrupalsyncError

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(DrupalsyncError):
    """Stopped by hand after something was written; the message says what stands."""

    exit_code = 130


@contextmanager
def undivided() -> Iterator[None]:
    """Holds an interrupt back until the block is done: for what takes milliseconds and is all or nothing.

    So whoever is interrupted knows on which side of the block it was.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # Python handles signals in the main thread alone
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _frame: came.append(number)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])
