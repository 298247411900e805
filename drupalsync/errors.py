"""The base class of every error that a user can meet.

The class fixes the exit code (design §6), the instance says what is wrong, where, and how to mend it.
Only `cli/main.py` catches these; each layer defines its own subclasses beside the code that raises them.
"""

from __future__ import annotations

from collections.abc import Sequence


class DrupalsyncError(Exception):
    """Something that the user can mend; nothing was changed unless the message says so.

    `what` is one sentence, `where` a place (file:line, kind:key, table.column), `hint` what to do.
    """

    exit_code: int = 1

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.hint:
            lines.append(f"  mend:  {self.hint}")
        return "\n".join(lines)


class Problems(DrupalsyncError):
    """Problems found in one pass, shown together; several are counted."""

    def __init__(self, problems: Sequence[DrupalsyncError]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problems" if len(problems) != 1 else "1 problem")

    def __str__(self) -> str:
        count = [self.what] if len(self.problems) > 1 else []
        return "\n\n".join([*count, *map(str, self.problems)])


def counted(number: int, noun: str, plural: str = "") -> str:
    """
    >>> counted(1, "file"), counted(2, "file"), counted(0, "entry", "entries")
    ('1 file', '2 files', '0 entries')
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
