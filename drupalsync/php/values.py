"""What a PHP value looks like in Python: the one value model of the whole project.

=================  =======================================================================
PHP                Python
=================  =======================================================================
null, bool, int    None, bool, int (never a bool where PHP has an int, or the other way)
float              float (-0.0, INF and NAN included)
string             str where the bytes are UTF-8, else bytes; never bytes that are UTF-8
array              list where the keys are 0…n-1 in order (so an empty array is `[]`),
                   else dict, in PHP's order; its keys are int, str or bytes as PHP has them
object             PhpObject
the rest           PhpSerialized: what cannot be opened without loss (`R:`/`r:` references,
                   `C:` payloads, `E:` enums, `S:` strings, arrays with a key twice …)
=================  =======================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PhpObject:
    """An object: its class and its properties, in PHP's order.

    A property's name is as PHP writes it: `name`, protected `\\0*\\0name`, private `\\0Class\\0name`.
    """

    cls: str
    properties: dict[int | str | bytes, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PhpSerialized:
    """One serialized value that cannot be opened, kept to the byte."""

    data: bytes


type_of_key = int | str | bytes
Value = None | bool | int | float | str | bytes | list["Value"] | dict[type_of_key, "Value"] | PhpObject | PhpSerialized
