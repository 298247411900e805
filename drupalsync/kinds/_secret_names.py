"""How a secret is told: by its name, or by its shape. The lists are data; a reason each where one is needed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# A name is compared as words joined by `_`: `apiKey`, `API-key` and `api.key` are all `api_key`.
_SECRET: Final = re.compile(
    r"""
      passw(?:or)?[dt] | passphrase | passcode | secret(?!ar) | credential
    | api_?key | privatekey | secretkey | accesskey | authkey
    | (?:^|_)(?: pwd | pw | bindpw | pass | dbpass | salt | hmac | jwt | pem | bearer | authtoken )(?:_\d+)?$
    | (?:^|_) token (?:_|$)
    | (?:^|_)(?:
          access | account | admin | api | app | application | auth | client | consumer | control | cron
          | crypt | customer | developer | encrypt | encryption | hash | license | master | merchant |
          oauth\d? | private | rest | rsa | secure | security | server | service | session | shared |
          sign | signature | signing | ssh | ssl | transaction | user | webhook | write
      ) _keys? (?:_|$)
    """,
    re.VERBOSE,
)

# What a name with such a word ends in where it is a setting about secrets and none itself.
_SETTING: Final = re.compile(
    r"""
    _(?: timeout | expir\w* | lifetime | ttl | age | length | min | max | minimum | maximum | strength | complexity
       | policy | rules?
       | count | limit | limits | window | interval | days | weeks | attempts | history | log2 | inc
       | text | subject | body | help | description | desc | label | title | message | msg | placeholder | prefix
       | suffix | name | id
       | enabled? | enable | disabled? | required | require | show | hide | visible | confirm | notify | reset
       | change | generate
       | type | types | format | pattern | method | mode | algorithm | algo | encoding | status | weight | size
       | url | uri | endpoint | paths? | pages? | redirect | link | file | filename | dir(?:ectory)?
       | field | fields | form | tree | browser | tokens | roles? | permissions? | register | registration
    )$
    """,
    re.VERBOSE,
)
_HARMLESS: Final[tuple[tuple[str, str], ...]] = (
    (r"user_mail_\w+", "texts of mails, such as user_mail_password_reset_body (modules/user/user.admin.inc)"),
    (r"user_pass(?:word)?_reset_\w+", "limits of a form (modules/user/user.module:user_pass_reset, user.pages.inc)"),
    (r"password_(?:count_log2|inc)", "how passwords are hashed, and a file of code (includes/password.inc)"),
    (r"password_policy_\w+", "rules for passwords (password_policy)"),
    (r"token_\w*(?:tree|recursion|browser)\w*", "how tokens, which are placeholders, are shown (token)"),
    (r"\w*public_key\w*|\w*site_key", "public by definition (recaptcha, mollom)"),
)
_HARMLESS_NAME: Final = re.compile("|".join(f"(?:{pattern})" for pattern, _ in _HARMLESS))

# Names that do not say enough: what they hold is secret where it also looks like random letters.
_KEYISH: Final = re.compile(r"(?:^|_)(?:keys?|auth|authorization|signature|sig|dsn)(?:_\d+)?$")
_UUID: Final = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RANDOM: Final = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9+/=_-]{24,}")

# (what a text must contain to be searched at all, the shape): the first is fast on a text of a megabyte.
_SHAPES: Final = (
    ("PRIVATE KEY", re.compile(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")),
    ("PuTTY-User-Key-File", re.compile(r"PuTTY-User-Key-File-[0-9]")),
    ("AKIA", re.compile(r"(?<![A-Z0-9])AKIA[A-Z0-9]{16}(?![A-Z0-9])")),
    ("ASIA", re.compile(r"(?<![A-Z0-9])ASIA[A-Z0-9]{16}(?![A-Z0-9])")),
    ("gh", re.compile(r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36}")),
    ("github_pat_", re.compile(r"github_pat_[A-Za-z0-9_]{22}")),
    ("glpat-", re.compile(r"glpat-[A-Za-z0-9_-]{20}")),
    ("xox", re.compile(r"xox[abeprs]-[A-Za-z0-9-]{10}")),
    ("hooks.slack.com", re.compile(r"hooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{16}")),
    ("eyJ", re.compile(r"eyJ[A-Za-z0-9_-]{8,4096}\.eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{16}")),
    ("_live_", re.compile(r"(?<![A-Za-z0-9])[srp]k_live_[A-Za-z0-9]{16}")),
    ("_test_", re.compile(r"(?<![A-Za-z0-9])[sr]k_test_[A-Za-z0-9]{16}")),
    ("-us", re.compile(r"(?<![0-9a-f])[0-9a-f]{32}-us[0-9]{1,2}(?![0-9a-z])")),
    ("AIza", re.compile(r"(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}")),
    ("SG.", re.compile(r"(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}")),
)
_SHORTEST: Final = 15  # characters of the shortest text that has one of these shapes: xoxb-0123456789
_LOGIN: Final = re.compile(r"://[^\s/:@'\"<>]{1,128}:([^\s/:@'\"<>]{1,128})@[A-Za-z0-9\[]")
_USER: Final = re.compile(r"://([^\s/:@'\"<>]{24,128})@[A-Za-z0-9\[]")
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
_PARAMETER: Final = re.compile(r"[?&;]([A-Za-z0-9_.-]{1,64})=([^\s&;#]+)")
_PLACEHOLDER: Final = re.compile(r"(?i)pass(?:word|wd)?|pw|pwd|secret|x+|\*+|\.+|…|[\[{$%!].*")
_NOTHING: Final = frozenset({"", "0", "1", "true", "false", "yes", "no", "on", "off", "none", "null", "n", "y"})


@lru_cache(maxsize=65_536)
def is_secret_name(name: str) -> bool:
    """Whether a setting of this name is a secret: `smtp_password`, `apiKey`, but not `user_mail_password_reset_body`.

    A name is one word of a program; a text with spaces, such as a permission, is none.
    """
    words = _words(name)
    if not words or _HARMLESS_NAME.fullmatch(words) or not _SECRET.search(words):
        return False
    return not _SETTING.search(words)


def looks_secret(text: str) -> bool:
    """Whether a secret stands in this text, by its shape: a private key, a provider's token, a URL with a password.

    A text that is a URL and nothing else may also have it as a parameter: https://example.org/feed?access_token=…
    """
    if len(text) >= _SHORTEST and any(needle in text and shape.search(text) for needle, shape in _SHAPES):
        return True
    if "://" not in text:
        return False
    passwords = [found[1] for found in _LOGIN.finditer(text)]
    passwords += [found[1] for found in _USER.finditer(text) if _RANDOM.fullmatch(found[1])]  # a token that logs in
    if "=" in text and _URL.fullmatch(text):
        passwords += [
            found[2]
            for found in _PARAMETER.finditer(text)
            if (is_secret_name(found[1]) and not says_nothing(found[2])) or looks_random(found[1], found[2])
        ]
    return any(not _PLACEHOLDER.fullmatch(password) for password in passwords)


def looks_random(name: str, text: str) -> bool:
    """Whether a name that only hints at a secret (`…_key`, `…_hash`) holds what looks like one."""
    if not _hints_at_secret(name):
        return False
    random = _RANDOM.fullmatch(text.strip())
    return random is not None and not _UUID.fullmatch(random[0])


@lru_cache(maxsize=65_536)
def _hints_at_secret(name: str) -> bool:
    words = _words(name)
    return bool(_KEYISH.search(words)) and not _HARMLESS_NAME.fullmatch(words)


def says_nothing(text: str) -> bool:
    """Whether a text is none or a switch, and so no secret, whatever its name."""
    return text.strip().lower() in _NOTHING


def _words(name: str) -> str:
    """The name in lower case, its words joined by `_`; '' where it has spaces."""
    if re.search(r"\s", name) or len(name) > 256:
        return ""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[\W_]+", "_", split).strip("_").lower()
