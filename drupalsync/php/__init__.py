"""PHP's values: read, written, compared. What a site's settings.php says is read by `drupalsync.php.settings`."""

from drupalsync.php.canonical import canonical, exact, same, uncanonical
from drupalsync.php.decode import decode
from drupalsync.php.encode import PhpValueError, encode
from drupalsync.php.leaves import Leaf, change_leaves
from drupalsync.php.syntax import PhpDepthError, PhpSyntaxError
from drupalsync.php.values import PhpObject, PhpSerialized, Value, type_of_key

__all__ = [
    "Leaf",
    "PhpDepthError",
    "PhpObject",
    "PhpSerialized",
    "PhpSyntaxError",
    "PhpValueError",
    "Value",
    "canonical",
    "change_leaves",
    "decode",
    "encode",
    "exact",
    "same",
    "type_of_key",
    "uncanonical",
]
