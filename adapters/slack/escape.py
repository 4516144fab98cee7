"""Words on their way into Slack: whatever they are, they mention nobody, link nothing, and fit.

A plain text object shows its text as it is, so it is used wherever Slack takes one. `mrkdwn` is for what wants a bold title; its
marks cannot be escaped there, so they are replaced by letters that look like them.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Controls but the line break, and halves of characters, which no JSON parser has to take."""
_MARKS = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_EMOJI = re.compile(r":(?=[^\s:]+:)")
_QUOTE = re.compile(r"^([^\S\n]*)>", re.MULTILINE)
_CALL = re.compile(r"@(?=here|channel|everyone)", re.IGNORECASE)
_UNBROKEN = 40
"""A word longer than this may be cut."""


def clean(text: str) -> str:
    """Without what nobody can see, and without blank space around it."""
    return _UNSEEN.sub(" ", text.replace("\r\n", "\n")).strip()


def escape(text: str) -> str:
    """The three characters that begin a mention, a link or an entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def neutral(text: str) -> str:
    """For `mrkdwn`: reads the same, formats nothing."""
    return escape(_QUOTE.sub(r"\1›", _EMOJI.sub("∶", text.translate(_MARKS))))


def fallback(text: str, longest_bytes: int) -> str:
    """For the `text` of a message, which notifications show and screen readers read: it is `mrkdwn`, and counted in bytes."""
    quiet = _CALL.sub("@\u2060", clean(text))
    return escape(shrink(quiet, longest_bytes, lambda cut: len(escape(cut).encode())))


def width(text: str) -> int:
    """Characters of a text, at least as many as Slack may count: as if it were escaped, and in UTF-16."""
    return units(escape(text))


def units(escaped: str) -> int:
    """The same of a text that is escaped already."""
    return len(escaped.encode("utf-16-le", "surrogatepass")) // 2


def shrink(text: str, longest: int, size: Callable[[str], int] = width) -> str:
    """Cut at a word, with an ellipsis. `size`: how long Slack will find it."""
    if size(text) <= longest:
        return text
    kept = bisect_right(range(len(text)), longest, key=lambda at: size(text[:at] + "…")) - 1
    cut = text[: max(kept, 0)]
    if not text[len(cut)].isspace() and re.search(r"\s", cut[-_UNBROKEN:]):
        cut = re.split(r"\s+\S*$", cut)[0]
    return cut.rstrip(" \n,.;:") + "…"


def brief(text: str, longest: int) -> str:
    """The first clauses, where they say enough; for what stands in one line, and an ellipsis would look torn off."""
    if width(text) <= longest:
        return text
    ends = [found.start() for found in re.finditer(r"[.:;,](?=\s)", text) if width(text[: found.start()]) <= longest]
    return text[: ends[-1]] if ends and ends[-1] >= longest // 3 else shrink(text, longest)


def plain(text: str, longest: int) -> Json:
    """A plain text object; Slack takes none that is empty."""
    return {"type": "plain_text", "text": shrink(clean(text), longest) or "…", "emoji": False}


def titled(title: str, text: str, longest: int, *, sign: str = "", gap: str = "\n") -> Json:
    """A `mrkdwn` object: the title in bold, and the text behind `gap`. `sign` is ours and stands before both."""
    said = " ".join(clean(title).split())
    head = f"{sign} *{neutral(shrink(said, longest // 2, _neutral_width))}*".lstrip() if said else sign
    rest = shrink(clean(text), longest - units(head + gap), _neutral_width)
    return {"type": "mrkdwn", "text": gap.join(filter(None, [head, neutral(rest)])) or "…", "verbatim": True}


def _neutral_width(text: str) -> int:
    return width(neutral(text))
