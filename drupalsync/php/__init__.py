"""PHP's values: read, written, compared; and what a site's settings.php says."""

from drupalsync.php.canonical import canonical, same, uncanonical
from drupalsync.php.decode import decode
from drupalsync.php.encode import PhpValueError, encode
from drupalsync.php.settings import DatabaseInfo, Settings, read_settings
from drupalsync.php.settings_data import SettingsSyntaxError, Unread
from drupalsync.php.settings_from_php import AskPhpError, ask_php
from drupalsync.php.syntax import PhpDepthError, PhpSyntaxError
from drupalsync.php.values import PhpObject, PhpSerialized, Value, type_of_key

__all__ = [
    "AskPhpError",
    "DatabaseInfo",
    "PhpDepthError",
    "PhpObject",
    "PhpSerialized",
    "PhpSyntaxError",
    "PhpValueError",
    "Settings",
    "SettingsSyntaxError",
    "Unread",
    "Value",
    "ask_php",
    "canonical",
    "decode",
    "encode",
    "read_settings",
    "same",
    "type_of_key",
    "uncanonical",
]
