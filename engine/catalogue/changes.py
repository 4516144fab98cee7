"""Reading words below a gallery: which variation do they ask for? The wish reader's vocabulary decides; only what starts from a
headshot ("more like this", "another light") has words of its own here.
"""

import re
from collections.abc import Iterator

from engine.contract.errors import PersonError
from engine.contract.requests import Change
from engine.contract.styles import CropName
from engine.planning.variation_kinds import VARIATIONS
from engine.wishes.refusals import refuse_unsafe
from engine.wishes.slots import read_slots
from engine.wishes.text import clean, fold
from engine.wishes.vocabulary import GROUND
from engine.wishes.wish import Wish

_OTHER = (
    r"(?:new|different|another|other|better|nicer|change|switch|swap|replace|alternative)(?: (?:the|my|this|that|a))?"
)
_NEW = {
    "new-backdrop": re.compile(rf"\b{_OTHER} (?:{GROUND}|scenery|surroundings)(?!\w)"),
    "new-light": re.compile(rf"\b(?:{_OTHER} (?:studio )?light(?:ing|s)?(?!\w)(?! {GROUND})|relight)"),
    "new-crop": re.compile(
        rf"\b(?:{_OTHER} (?:crops?|framing|frames?|format|cut)|crop (?:it )?differently|re-?crop)\b"
    ),
}
_THIS = r"(?:this|that|it|these|those|them|(?:the )?(?:first|second|third|fourth|last|left|right)(?: one)?|(?:number|no\.?|nr\.?|#)? ?\d{1,2})"
_MORE = re.compile(
    rf"(?:show |give |make |get |send |can i (?:have|get|see)|i (?:want|'d like))?(?: ?me)? ?(?:"
    rf"(?:(?:some|a few|many|\d+|one|two|three|four|five|six|eight|ten|twelve) )?(?:more|others?|another)(?: (?:one|ones|like|of|such|similar|to|set|batch|round|take|version|versions|variations?|variants?|options?|pictures?|photos?|shots?|headshots?|{_THIS}))*"
    rf"|(?:do |try |make )?(?:{_THIS} )?(?:once )?again|redo(?: {_THIS})?|(?:like|similar(?: to)?|variations?|variants?)(?: (?:of|on))?(?: (?:ones?|{_THIS}))*|(?:the )?same again)"
)
_POLITE = re.compile(
    r"\b(?:please|pls|thanks|thank you|thx|ok|okay|yes|yeah|hey|hi|hello|now|just|maybe|could (?:you|we|i)|can (?:you|we)|would you)\b|[^\w\s#&/'+-]"
)
_PRAISE = re.compile(
    r"\b(?:love[sd]?|adore|perfect|great|awesome|amazing|wow|nice|beautiful|lovely|gorgeous|fantastic|cute|haha|lol|(?:i|we|he|she|they|you|everybody|everyone|boss|team|wife|husband|mum|mom) (?:really |all )?(?:likes?|prefers?))\b"
)
_WANTED = re.compile(
    r"\b(?:please|pls|make|could|can|would|want|need|how about|what about|give|try|change|use|let's|'d|more|less|too|it with|me with|put|but)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:see you|meet(?:ing)?|lunch|today|tomorrow|tonight|yesterday|\w+day|is closed|closed|call|mail|why|who|when|where|how (?:long|many|much|do|does)|what (?:is|does|are))\b"
)
_COOL = re.compile(r"\bcool\b(?! (?:light|tone|colou?r|look|mood|feel|print|white))")
_NUMBERED = re.compile(rf"\b(?:similar to|look(?:s|ing)? like)(?= {_THIS})", re.IGNORECASE)
"""A headshot, and no other person, is what somebody wants more of."""
_NOT_BW = re.compile(r"\bnot (?:in )?(?:black (?:and|&) white|b ?& ?w|bw)\b")
_BW = re.compile(r"\b(?:black (?:and|&|n|'n'|\+) white|black-and-white|b ?(?:&|and) ?w)\b")
_BEHIND = re.compile(rf"\bblur|\b{GROUND}(?!\w)|depth of field")
"""Without it, "sharper" is about the face, which stays as the photo shows it."""
_CLAUSES = re.compile(r"[,;.!?]+(?=\s|$)|\b(?:and|but|then|also)\b")
_MOST_LEFT = 2
"""Words that were not understood; with more of them somebody talks about something else."""

_FRAMES: dict[CropName, str] = {
    "tight": "tighter", "wide": "wider", "square": "square", "banner": "banner", "classic": "new-crop",
}  # fmt: skip


def read_change(words: str) -> Change | None:
    """See `StudioCatalogue.variation`. Of several wishes the first one counts, and the others are named."""
    line = clean(words)
    if not line:
        return None
    refuse_unsafe(_NUMBERED.sub("like", line))
    text = _BW.sub("monochrome", _NOT_BW.sub("in colour", fold(line)))
    clauses = [clause for part in _CLAUSES.split(text) if (clause := part.strip())]
    if kinds := tuple(dict.fromkeys(kind for clause in clauses for kind in _changed(clause))):
        return Change(kinds[0], kinds[1:], _unmet(clauses))
    if kinds := _changed(text):
        return Change(kinds[0])
    if any(_MORE.fullmatch(_bare(clause)) for clause in clauses):
        return Change("more-like-this", unmet=_unmet(clauses))
    if not _idle(text) and (code := _impossible(text)):
        raise PersonError(code)
    return None


def _changed(clause: str) -> tuple[str, ...]:
    """All that a clause asks for, the clearest first."""
    if _idle(clause):
        return ()
    wish, left = read_slots(_COOL.sub("", clause))
    kinds = tuple(kind for kind in _kinds(wish) if kind != "sharper" or _BEHIND.search(clause))
    if kinds and len(left) <= _MOST_LEFT:
        return kinds
    for kind, pattern in _NEW.items():
        if pattern.search(clause):
            return (kind,)
    return _bare_colour(clause)


def _unmet(clauses: list[str]) -> tuple[str, ...]:
    """Of the clauses that ask for nothing else."""
    codes = (_impossible(clause) for clause in clauses if not _idle(clause) and not _changed(clause))
    return tuple(dict.fromkeys(code for code in codes if code))


def _idle(clause: str) -> bool:
    """True for praise and small talk that asks for nothing."""
    if _ELSEWHERE.search(clause):
        return True
    return bool(_PRAISE.search(clause)) and not _WANTED.search(clause)


def _kinds(wish: Wish) -> Iterator[str]:
    """What a headshot can be varied by, the backdrop first; one of each sort."""
    if wish.colours:
        colour = wish.colours[0]
        yield f"{colour} background" if colour.startswith("#") else f"{colour}-background"
    elif wish.place:
        yield f"{wish.place}-background"
    if wish.crops:
        yield _FRAMES.get(wish.crops[0], "new-crop")
    if wish.wardrobe:
        yield f"{wish.wardrobe}-clothes"
    already = {"blurred"} if wish.place else set()
    yield from [edit for edit in wish.edits if edit in VARIATIONS and edit not in already][:1]


def _bare_colour(clause: str) -> tuple[str, ...]:
    """A colour and nothing else: "navy please" means the backdrop."""
    bare = re.sub(r"^(?:in|on|make it|try|with|how about|what about|a|an) ", "", _bare(clause))
    if not re.fullmatch(r"[a-z]+(?: [a-z]+)?|#[0-9a-f]{6}", bare) or bare in {"dark", "light", "bright", "plain"}:
        return ()
    wish, left = read_slots(f"{bare} background")
    return tuple(_kinds(wish)) if wish.colours and not left else ()


def _bare(clause: str) -> str:
    return re.sub(r"\s+", " ", _POLITE.sub(" ", clause)).strip()


def _impossible(text: str) -> str | None:
    wish, left = read_slots(_COOL.sub("", text))
    codes = (*wish.needs_new_pixels, *wish.unmet)
    return codes[0] if codes and len(left) <= _MOST_LEFT else None
