"""What people type, read without knowing anything of them: fixed phrases, and which headshot is meant. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.verbs import Verb
from engine.contract.requests import Asked
from engine.contract.styles import Style

_WHICH = r"(?:(?:head ?shot|picture|number|no\.?|nr\.?|#) ?)*"
_NUMBER = rf"{_WHICH}(?P<rank>\d{{1,2}})"
_RANK = rf" ?{_NUMBER}"
_FOR = rf"(?: ?(?:for|of|on|to|from)?{_RANK})?"
_OTHER = r"(?:an?other|new|different|other|change(?: the)?|try an?other)"


@dataclass(frozen=True, slots=True)
class Heard:
    """A fixed phrase. `argument`: the digits after "show"."""

    verb: Verb
    rank: int = 0
    """0 = none was named."""
    argument: str = ""


_PHRASES: tuple[tuple[Verb, str], ...] = (
    (Verb.HELP, r"help(?: me)?|what can you do|how does (?:this|it) work|\?+"),
    (Verb.AGREE, r"i agree|agree"),
    (Verb.STYLES, r"(?:show |list )?(?:me )?(?:all )?(?:the )?styles"),
    (Verb.STYLE, rf"(?:{_OTHER}) (?:style|look)"),
    (Verb.STATUS, r"status|queue|how long|where are (?:my|they)(?: headshots)?"),
    (Verb.SELFIES, r"(?:show |list )?(?:me )?(?:my )?(?:selfies|photos)"),
    (Verb.EXPORT, r"export(?: (?:my )?(?:data|photos|everything|all))?"),
    (Verb.FORGET, r"forget(?: (?:me|my (?:photos|data|face)|everything|all))?|(?:delete|erase|remove) (?:me|everything|(?:all )?my (?:photos|data))"),
    (Verb.CANCEL, r"cancel(?: (?:it|this|that|my shoot))?|stop|abort|never ?mind"),
    (Verb.REMOVE_SELFIE, r"(?:remove|delete) (?:photo|selfie) ?#?(?P<rank>\d{1,2})"),
    (Verb.SHOW_ALL, r"(?:show )?(?:me )?(?:all|everything|the rest|the others)(?: of (?:them|it)| \d{1,2}| headshots)*"),
    (Verb.SHOW, r"show (?:gallery )?(?P<argument>[0-9a-f]{6,32})"),
    (Verb.MORE_LIKE_THIS, rf"more (?:like|of) (?:this|that|it|(?:this one|that one)|{_NUMBER})"),
    (Verb.MORE, r"(?:(?:show|give|make|send) )?(?:me )?(?:some |a few |\d{1,2} )?more(?: of (?:these|those|them)| pictures| headshots| photos)*|again|(?:an)?other ones?"),
    (Verb.NEW_LIGHT, rf"{_OTHER} light(?:ing)?{_FOR}"),
    (Verb.NEW_BACKDROP, rf"{_OTHER} (?:back ?ground|back ?drop){_FOR}"),
    (Verb.NEW_CROP, rf"{_OTHER} (?:crop|frame|cut){_FOR}"),
    (Verb.DOWNLOAD, rf"(?:download|save|send me|upscale|full ?size)(?:{_RANK})?"),
    (Verb.SHARE, rf"share(?: (?:it|this))?(?:{_RANK})?"),
    (Verb.FAVOURITE, rf"(?:favou?rite|fav|star|keep){_RANK}"),
    (Verb.DELETE, rf"(?:delete|remove|drop){_RANK}"),
)  # fmt: skip
_READ = tuple((verb, re.compile(pattern)) for verb, pattern in _PHRASES)
_FILLER = re.compile(
    r"^(?:(?:please|try|make|do|use|in|as|now|the|it|me|a|an|give|want|i|would like|headshots?) )+"
    r"|(?: (?:please|instead|style|look|headshots?|photos?))+$"
)


def plain(text: str) -> str:
    """Lower case, one space between words, no full stop at the end, no leading "/headshot"."""
    words = " ".join(text[:500].casefold().split()).strip(" .!,;:")
    words = words.rstrip(" ?") or words
    return re.sub(r"^/?head ?shots?(?: |$)", "", words) if words.startswith("/") else words


def hear(words: str) -> Heard | None:
    """The fixed phrase that these plain words are, if any."""
    words = re.sub(r"^please | please$| pls$", "", words)
    for verb, pattern in _READ:
        if match := pattern.fullmatch(words):
            found = match.groupdict()
            return Heard(verb, int(found.get("rank") or 0), found.get("argument") or "")
    return None


def without_rank(words: str) -> tuple[int, str]:
    """`2 warmer`, `warmer for 2`, `make number 2 warmer`: which headshot, and the rest; 0 = none was named."""
    match = re.search(rf"(?:^|\b(?:for|of|on) ){_WHICH}(?P<a>\d{{1,2}})\b:?|{_WHICH}\b(?P<b>\d{{1,2}})\b(?!\d)", words)
    if match is None:
        return 0, words
    rest = words[: match.start()] + " " + words[match.end() :]
    return int(match["a"] or match["b"]), " ".join(rest.split())


def style_words(words: str, styles: Iterable[Style]) -> tuple[str, bool] | None:
    """`try legal instead` → "legal", `corporate 8 softer light`: the request, when it is the name of a style alone or goes on
    with a number; and whether it can be nothing else. None: it is no such request.
    """
    bare = words
    while (shorter := _FILLER.sub("", bare).strip()) != bare:
        bare = shorter
    name, number = re.fullmatch(r"(.*?)( \d{1,2}(?: .*)?)?", bare).groups()  # type: ignore[union-attr]
    known = {_spelled(label) for style in styles for label in (style.name, style.title, *style.aliases)}
    return (bare, bool(number) or "instead" in words) if _spelled(name) in known else None


def asks_for_a_shoot(words: str, asked: Asked | None) -> bool:
    """Politeness alone is read as a request for the first style; here it takes a style, a number, a wish or a noun."""
    if asked is None:
        return False
    named = any(
        _spelled(label) in _spelled(words) for label in (asked.style.name, asked.style.title, *asked.style.aliases)
    )
    noun = re.search(r"head ?shot|photo|picture|portrait", words) is not None
    return bool(named or noun or asked.count or asked.wish)


def _spelled(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-")
