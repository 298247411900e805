"""The YAML tree: the dialect of design section 4, its files on disk and at a git revision, commits.

It moves typed values between text and Python, and knows nothing of Drupal's kinds. Only the value model is
exported here, so that whoever needs no more does not import a YAML parser.
"""

from drupalsync.tree.values import UNSET, Env, IntRef, Path, TreeValue, Unset, replace, same, walk

__all__ = ["UNSET", "Env", "IntRef", "Path", "TreeValue", "Unset", "replace", "same", "walk"]
