"""Keys from titles: transliterated, lower case, words joined by `-`."""

from __future__ import annotations

import re
from collections.abc import Container
from hashlib import blake2b

from anyascii import anyascii

from drupalsync.kinds._secret_names import looks_secret
from drupalsync.tree.names import encode_name

LONGEST = 60
file_name = encode_name  # a key as the name of its file


def slug(text: str) -> str:
    """The slug of a title: ``slug("Über uns") == "uber-uns"``, ``slug("日本") == "riben"``; never empty.

    What has no letter in any script (`☃`, `---`), or a secret in it, becomes `x` and eight hexadecimal digits of the
    text's hash.
    """
    words = re.sub(r"[^a-z0-9]+", "-", anyascii(text).lower()).strip("-")
    if not words or looks_secret(text):
        return "x" + blake2b(text.encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()
    return words[:LONGEST].rstrip("-")


def unique(wanted: str, taken: Container[str]) -> str:
    """`wanted`, or the first of `wanted-2`, `wanted-3` … that nobody has."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"
