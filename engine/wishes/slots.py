"""Reading a wish: which words fill which slot. Anything else is not used."""

import re
from collections.abc import Mapping
from dataclasses import replace

from engine.contract.styles import Wardrobe
from engine.wishes.vocabulary import BEFORE_COLOURS, FILLER, GROUND, RULES
from engine.wishes.wish import Wish

_COLOUR_WORDS: Mapping[str, tuple[str, ...]] = {
    "white": ("pure white", "off-?white", "white"),
    "light-grey": ("light gr[ea]y", "pale gr[ea]y", "silver", "neutral", "plain", "simple"),
    "charcoal": ("charcoal", "dark gr[ea]y", "anthracite", "gunmetal", "darker", "dark"),
    "grey": ("gr[ea]y", "slate"),
    "black": ("black",),
    "navy": ("navy blue", "navy", "dark blue", "midnight blue", "midnight", "deep blue"),
    "light-blue": ("light blue", "pale blue", "sky blue", "baby blue"),
    "blue": ("steel blue", "royal blue", "blue"),
    "teal": ("teal", "turquoise", "petrol"),
    "green": ("dark green", "forest green", "sage", "green"),
    "olive": ("olive",),
    "cream": ("cream", "ivory", "lighter", "brighter", "bright", "light"),
    "beige": ("beige", "sand", "tan", "taupe"),
    "brown": ("brown", "chocolate"),
    "burgundy": ("burgundy", "wine red", "maroon", "bordeaux"),
    "red": ("red",),
    "orange": ("orange", "terracotta"),
    "yellow": ("yellow", "ochre", "mustard"),
    "pink": ("baby pink", "dusty pink", "pink", "rose"),
    "purple": ("purple", "violet", "lilac", "plum", "lavender"),
}
_PLAIN = {"neutral", "plain", "simple", "darker", "dark", "lighter", "light", "brighter", "bright"}
_COLOUR_OF = {word: name for name, words in _COLOUR_WORDS.items() for word in words}
_COLOUR = "(?:" + "|".join(sorted(_COLOUR_OF, key=len, reverse=True)) + "|#[0-9a-f]{6})"
_SEVERAL = rf"(?<![\w#]){_COLOUR}(?:(?:\s*[,/]\s*|\s+(?:or|and)\s+){_COLOUR})*"
_BEHIND = rf"(?:{GROUND}|(?:what stands |everything )?behind (?:me|us))"
_BACKGROUND = re.compile(
    rf"{_SEVERAL.replace('or|and', 'or|and|to')}(?:[ -]colou?red)?(?:\s+(?:studio|seamless|gradient|solid|clean|office|paper|canvas))?\s+{_BEHIND}\b"
    rf"|\b{_BEHIND}(?:\s+(?:colou?r|should|be|in|is|to|of|a|more|please|plain|little|bit|slightly|much))*\s*[:=]?\s*{_SEVERAL}(?!\w)"
)

_TONE_WORDS: Mapping[Wardrobe, str] = {
    "navy": "navy(?: blue)?|dark blue|midnight blue",
    "light-blue": "light blue|pale blue|sky blue",
    "charcoal": "charcoal|dark gr[ea]y|anthracite|gr[ea]y",
    "black": "black",
    "white": "white",
}
_OTHER_TONE = "red|green|brown|beige|pink|purple|yellow|orange|burgundy|teal|cream|olive|blue"
_GARMENT = r"(?:suits?|jackets?|blazers?|shirts?|blouses?|tops?|sweaters?|jumpers?|pullovers?|turtlenecks?|polos?|t-?shirts?|tees?|dress|coats?|clothes|clothing|outfit|attire|wardrobe)"
_TONE = "|".join((*_TONE_WORDS.values(), _OTHER_TONE))
_CLOTHES = re.compile(
    rf"\b(?P<before>{_TONE})(?:\s+(?:business|formal|plain|smart|dress|wool|linen|cotton))?\s+(?P<garment>{_GARMENT})\b(?P<only>\s+(?:tone|colou?r)s?)?"
    rf"|\b(?P<garment2>{_GARMENT})(?:\s+(?:tone|colou?r|should|be|in|is|to|look|a|more))*\s*:?\s+(?P<after>{_TONE})\b(?P<only2>\s+(?:tone|colou?r)s?)?"
)
_ON = re.compile(
    rf"\b(?:on|against|before|in front of)\s+(?:(?:an?|plain|pure|solid|simple)\s+)*(?!(?:{'|'.join(sorted(_PLAIN))})(?!\s+(?:gr[ea]y|blue|green))\b){_COLOUR}(?!\w|\s+(?:{_GARMENT}|skin|hair|bricks?|loft|lines?|and\s+gold)\b)"
)
"""A colour where what stands behind somebody would: "on white"."""
_ANY_GARMENT = {"clothes", "clothing", "outfit", "attire", "wardrobe", "top"}


def read_slots(line: str) -> tuple[Wish, tuple[str, ...]]:
    """Slots of a folded wish, and the words that none of them understood."""
    wish = Wish()
    for rule, found in BEFORE_COLOURS:
        line, wish = _take(rule, line, wish, found)
    if match := _BACKGROUND.search(line) or _ON.search(line):
        wish, line = _join(wish, Wish(colours=_colours(match[0]))), _without(line, match)
    if match := _CLOTHES.search(line):
        wish, line = _join(wish, _clothes(match)), _without(line, match)
    for rule, found in RULES:
        line, wish = _take(rule, line, wish, found)
    if wish.colours and wish.place:
        wish = replace(wish, place="")  # a named colour is the clearer wish
    return wish, tuple(word for word in re.findall(r"[^\W_]+(?:'\w+)?", line) if word not in FILLER)


def _take(rule: re.Pattern[str], line: str, wish: Wish, found: Wish) -> tuple[str, Wish]:
    return (rule.sub(" ; ", line), _join(wish, found)) if rule.search(line) else (line, wish)


def _without(line: str, match: re.Match[str]) -> str:
    return f"{line[: match.start()]} ; {line[match.end() :]}"


def _join(first: Wish, second: Wish) -> Wish:
    """Slots of both; what was said first wins where only one can hold."""
    return Wish(
        edits=first.edits + tuple(edit for edit in second.edits if edit not in first.edits),
        colours=first.colours or second.colours,
        place=first.place or second.place,
        wardrobe=first.wardrobe or second.wardrobe,
        crops=first.crops or second.crops,
        polish=first.polish if first.polish is not None else second.polish,
        phrases=first.phrases + second.phrases,
        needs_new_pixels=tuple(dict.fromkeys(first.needs_new_pixels + second.needs_new_pixels)),
        unmet=tuple(dict.fromkeys(first.unmet + second.unmet)),
    )


def _colours(text: str) -> tuple[str, ...]:
    words = re.findall(rf"(?<![\w#]){_COLOUR}(?!\w)", text)
    named = [word for word in words if word not in _PLAIN] or words  # "plain white": plain is no second colour
    return tuple(dict.fromkeys(map(_colour, named)))[:3]


def _colour(word: str) -> str:
    return (
        word if word.startswith("#") else next(name for known, name in _COLOUR_OF.items() if re.fullmatch(known, word))
    )


def _clothes(match: re.Match[str]) -> Wish:
    tone_word = match["before"] or match["after"]
    garment = match["garment"] or match["garment2"]
    only_tone = bool(match["only"] or match["only2"]) or garment in _ANY_GARMENT
    many = garment in _ANY_GARMENT - {"top"} or (garment.endswith("s") and garment != "dress")
    article = "" if many else "an " if tone_word[0] in "aeiou" else "a "
    phrase = f"wearing {article}{tone_word} {garment}"
    tone: Wardrobe | None = next((tone for tone, words in _TONE_WORDS.items() if re.fullmatch(words, tone_word)), None)
    if tone is None and tone_word == "blue":
        tone = "light-blue" if garment.startswith(("shirt", "blouse")) else "navy"
    if tone is None:
        return Wish(phrases=(phrase,), needs_new_pixels=("wish_unmet_clothes_colour",))
    return Wish(wardrobe=tone, phrases=(phrase,), needs_new_pixels=() if only_tone else ("wish_tone_only",))
