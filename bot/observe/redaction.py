"""What may stand in a log: an allow-list. A key that is not on it is dropped, and so is a value that looks like more than a word.

Names, wishes, file names and tokens are words of people; codes, ids, numbers and places in our source are ours. So nothing with a space
or an @ in it gets through, whatever its key, and nothing that looks like a token.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

KEYS: Final = frozenset({
    # what happened, and where
    "event", "level", "timestamp", "logger", "code", "kind", "lane", "stage", "state", "platform", "check", "reference", "errors", "place",
    # of what: random ids of ours
    "shoot_id", "message_id", "worker",
    # how much
    "seconds", "count", "total", "tries", "port",
})  # fmt: skip
"""Keys that a log line may have."""
HIDDEN: Final = "[hidden]"
LONGEST: Final = 160
_WORD = re.compile(r"[\w.:/#<>+*-]+", re.ASCII)
_SECRET = re.compile(
    r"xox[a-z][-.]|xapp-|"  # Slack's tokens
    r"[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}|"  # Discord's tokens
    r"://|www\.|eyJ[A-Za-z0-9_-]{8,}\.|"  # addresses, which may be signed or hold a password; JSON web tokens
    r"\.(jpe?g|png|heic|heif|webp|avif|gif|tiff?|bmp|zip|pdf)\b",  # file names
    re.IGNORECASE,
)


def redacted(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A log entry without everything that is not known to be harmless."""
    return {key: kept for key, value in entry.items() if key in KEYS and (kept := _value(value)) is not None}


def is_word(text: str) -> bool:
    """True for a code, an id or a place in our source."""
    return len(text) <= LONGEST and _WORD.fullmatch(text) is not None and _SECRET.search(text) is None


def _value(value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return value if is_word(value) else HIDDEN
        case list() | tuple():
            return [_value(each) for each in value]
        case _:
            return HIDDEN
