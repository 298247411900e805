"""What an export leaves as the tree has it: fields that drupalsync.yml leaves to the site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from drupalsync.kinds import Item
from drupalsync.manifest import Rule
from drupalsync.plan import differing, get_path, set_path


def as_the_tree_has_it(item: Item, old: Item, rules: Iterable[Rule]) -> Item:
    """The site's item, with the tree's value wherever a rule covers what differs."""
    about = list(rules)
    paths = [path for path in differing(item.fields, old.fields) if any(rule.covers(path) for rule in about)]
    if not paths:
        return item
    fields = dict(item.fields)
    for path in paths:
        set_path(fields, path, get_path(old.fields, path))
    return replace(item, fields=fields)
