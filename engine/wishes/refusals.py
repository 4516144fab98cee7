"""What no wish can have. It errs on the side of no: a wish never reaches a prompt as free text, so a miss only goes unused."""

import re

from engine.contract.errors import PersonError
from engine.wishes.denied import DENIED, HARMLESS
from engine.wishes.text import fold, readings


def _words(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})(?!\w)")


_HARMLESS = _words(HARMLESS)
_RULES = {code: _words(patterns) for code, patterns in DENIED.items()}

_LIKE = re.compile(
    r"\b(?:look(?:s|ing)?(?: (?:exactly|just|more|a bit|a lot))? like|resembl(?:e|es|ing)|(?:make|turn|transform) me (?:into|in to)|similar to|as seen on)"
    r" (?P<whom>\w[\w'-]*(?: \w[\w'-]*)?)"
)
_FOLLOWERS = """
a an the my i it it's me myself this that these those in on at from professional natural taken we you they linkedin real film
daylight studio sunset morning evening golden window winter summer autumn spring
"""
_NOBODY = frozenset(_FOLLOWERS.split())
"""What may follow "look like" without being somebody."""

_TITLE = r"(?:[Mm]rs?\.?\s+|[Dd]r\.?\s+)?"
_NAME = r"([A-ZÀ-Þ][\wÀ-ÿ'’-]+\s+[A-ZÀ-Þ][\wÀ-ÿ'’-]+)"
_NAMED = re.compile(rf"(?:\b(?:like|as|by|of|with|and|beside|next to)|^(?:Like|As|By|With))\s+{_TITLE}{_NAME}")
"""Two capitalised words where a person would stand: "with Jane Doe"."""

_OURS = re.compile(
    r"\b(?:white|black|gr[ea]y|navy|blue|green|red|brown|beige|teal|dark|light|linked|soft|warm|cool|golden|natural|modern|office|city|brick|studio|background|backdrop"
    r"|lighting|style|look|tone|crop|photo|rembrandt|loop|in|new york|london|paris|berlin|tokyo|san francisco|blurr?ed|open|big|more|less|very|shallow|jacket|suit|shirt|blazer|business|corporate)\b"
)
"""Words of the studio: a capitalised pair that holds one of them is no person."""


def refuse_unsafe(text: str) -> None:
    """Raise PersonError with the code of the reason where a cleaned wish asks for what no shoot may make."""
    for reading in readings(text):
        bare = _HARMLESS.sub(" ", reading)
        for code, rule in _RULES.items():
            if rule.search(bare):
                raise PersonError(code)
        for like in _LIKE.finditer(bare):
            if like["whom"].split()[0] not in _NOBODY and not _OURS.search(like["whom"]):
                raise PersonError("wish_other_person")
    for name in _NAMED.finditer(text):
        if not _OURS.search(fold(name[1])):
            raise PersonError("wish_other_person")
