"""What people type, read without knowing anything of them: fixed phrases, and which headshot is meant. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.verbs import Verb
from engine.contract.styles import Style

_WHICH = r"(?:(?:head ?shot|picture|number|no\.?|nr\.?|#) ?)*"
_RANK = rf" ?{_WHICH}(?P<rank>\d{{1,2}})"
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
    (Verb.SHOW_ALL, r"(?:show )?(?:me )?(?:all|everything|the rest|the others)(?: of (?:them|it))?"),
    (Verb.SHOW, r"show (?:gallery )?(?P<argument>[0-9a-f]{6,32})"),
    (Verb.MORE_LIKE_THIS, rf"more (?:like|of) (?:this|that|it|(?:this one|that one)|{_RANK.strip()})"),
    (Verb.MORE, r"(?:some )?more(?: of (?:these|those|them))?(?: please)?|again|(?:an)?other ones?"),
    (Verb.NEW_LIGHT, rf"{_OTHER} light(?:ing)?{_FOR}"),
    (Verb.NEW_BACKDROP, rf"{_OTHER} (?:back ?ground|back ?drop){_FOR}"),
    (Verb.NEW_CROP, rf"{_OTHER} (?:crop|frame|cut){_FOR}"),
    (Verb.DOWNLOAD, rf"(?:download|save|send me|upscale|full ?size)(?:{_RANK})?"),
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


def style_words(words: str, styles: Iterable[Style]) -> str | None:
    """`try legal instead` → "legal"; the words without filler, when they are the name of a style and nothing else but a
    number. None: they are not.
    """
    bare = words
    while (shorter := _FILLER.sub("", bare).strip()) != bare:
        bare = shorter
    name = re.sub(r" \d{1,2}$", "", bare)
    known = {_spelled(label) for style in styles for label in (style.name, style.title, *style.aliases)}
    return bare if _spelled(name) in known else None


def _spelled(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-")
