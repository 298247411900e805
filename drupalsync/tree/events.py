"""A YAML text as a stream of events, from libyaml where PyYAML has it, else from PyYAML's own parser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner


class PythonParser(Reader, Scanner, Parser):
    """PyYAML's pure parser: the same events, some twenty times slower."""

    def __init__(self, stream: str) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)


# A parser of a text, whose `get_event()` gives one event after the other and raises yaml.YAMLError.
parser: Callable[[str], Any]
try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML was built without libyaml
    parser = PythonParser
else:
    parser = CParser
