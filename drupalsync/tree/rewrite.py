"""An edit through ruamel.yaml: it keeps comments, but formats the rest of the file its own way.

For structures that the splice cannot express; it knows nothing of our tags, so values that need one are left to
the canonical form.
"""

from __future__ import annotations

import io
from typing import Any

from drupalsync.tree.values import TreeValue, same


def rewrite(text: str, old: TreeValue, new: TreeValue) -> str | None:
    """The text with `new` in it, None where ruamel.yaml cannot say it. The caller reads the result again."""
    from ruamel.yaml import YAML  # 35 ms, and hardly ever needed
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    try:
        document = yaml.load(text)
        if not isinstance(document, dict) or not isinstance(old, dict) or not isinstance(new, dict):
            return None
        _change(document, old, new)
        yaml.dump(document, out)
    except (YAMLError, TypeError, ValueError, AttributeError, NotImplementedError):
        return None
    # ruamel.yaml reads CRLF as LF and writes LF.
    return out.getvalue().replace("\n", "\r\n" if "\r\n" in text else "\n")


def _change(document: Any, old: dict[Any, Any], new: dict[Any, Any]) -> None:
    for key in [key for key in document if key not in new]:
        del document[key]
    for position, (key, value) in enumerate(new.items()):
        if key not in document:
            document.insert(position, key, value)
        elif isinstance(value, dict) and isinstance(old.get(key), dict) and isinstance(document[key], dict):
            _change(document[key], old[key], value)
        elif not same(old.get(key), value):
            document[key] = value
