"""drupalsync.yml: where the tree lies, which sites there are, what is ours, and what is left alone."""

from drupalsync.manifest.read import (
    FILE,
    VERSION,
    Environment,
    EnvName,
    Manifest,
    NodeRule,
    NoSuchEnvironment,
    find_manifest,
    read_manifest,
)
from drupalsync.manifest.rules import Limits, Mode, Rule, Rules
from drupalsync.manifest.words import BadManifest

__all__ = [
    "FILE",
    "VERSION",
    "BadManifest",
    "EnvName",
    "Environment",
    "Limits",
    "Manifest",
    "Mode",
    "NoSuchEnvironment",
    "NodeRule",
    "Rule",
    "Rules",
    "find_manifest",
    "read_manifest",
]
