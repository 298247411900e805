"""Changes a hand-written file so that it says something new, and touches no other line than it must.

The text is spliced at the marks of its parser; what comes out is read again and must be the new value exactly.
Where it is not, ever larger parts are written anew: first the outermost values that differ, then the whole file
through ruamel.yaml, which keeps comments, in the end in canonical form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from drupalsync.tree import nodes
from drupalsync.tree.block import BlockEditor, style_of
from drupalsync.tree.problems import YamlProblem
from drupalsync.tree.read import parse
from drupalsync.tree.rewrite import rewrite
from drupalsync.tree.source import Cannot, Source
from drupalsync.tree.values import TreeValue, same
from drupalsync.tree.write import emit

BOM = "\ufeff"


def edit(text: str, old: TreeValue, new: TreeValue, *, header: str = "") -> str:
    """Returns a text that parses to `new`; `text` parses to `old`.

    Comments, order, quotes and line breaks of what does not differ stay as they are; the order of keys is no
    difference. New keys follow the key that precedes them in `new`. `header` is for a text without comments that
    has to be written anew. Raises YamlProblem where `text` cannot be read, NotWritable as `emit` does.
    """
    if same(old, new):
        return text
    canonical = emit(new, header=header)
    wanted = parse(canonical, where="new value")  # as a file can say it: {} is [], the key '5' is 5
    body = text.removeprefix(BOM)
    current = parse(body, where="text")
    if same(current, wanted):
        return text
    for candidate in _attempts(body, current, wanted):
        if _reads_as(candidate, wanted):
            return text[: len(text) - len(body)] + candidate
    comments = _leading_comments(body)
    whole = comments + emit(new) if comments else canonical
    return whole.replace("\n", "\r\n") if "\r\n" in body else whole


def _attempts(text: str, old: TreeValue, new: TreeValue) -> Iterator[str]:
    """Yields ever coarser ways to say `new`."""
    root = nodes.compose(text)
    if root is None:
        return
    for way in (BlockEditor.root, BlockEditor.root_coarsely):
        candidate = _spliced(text, root, old, new, way)
        if candidate is not None:
            yield candidate
    candidate = rewrite(text, old, new)
    if candidate is not None:
        yield candidate


def _spliced(
    text: str,
    root: nodes.Node,
    old: TreeValue,
    new: TreeValue,
    way: Callable[[BlockEditor, nodes.Node, TreeValue, TreeValue], None],
) -> str | None:
    source = Source(text)
    try:
        way(BlockEditor(source, style_of(root)), root, old, new)
        return source.result()
    except Cannot:
        return None


def _reads_as(text: str, value: TreeValue) -> bool:
    try:
        return same(parse(text, where="result"), value)
    except YamlProblem:
        return False


def _leading_comments(text: str) -> str:
    lines = []
    for line in text.splitlines(keepends=True):
        if not line.startswith("#"):
            break
        lines.append(line.replace("\r\n", "\n"))
    return "".join(lines)
