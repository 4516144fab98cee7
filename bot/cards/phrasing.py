"""Small phrases that several cards share: counts, waiting times, and names as people would write them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.shoots import Json

_SPELLED = {"linkedin": "LinkedIn", "bw": "black-and-white"}
_SHOWN_ID = 8
_BREATH_S = 15
"""Nobody believes that a wait ends on the second: short ones are told in steps of 5, longer ones of 10 seconds."""


def counted(count: int, noun: str) -> str:
    """`counted(2, "headshot")` is "2 headshots"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def style_words(style: str) -> str:
    """The name of a style inside a sentence: "linkedin-white" is "LinkedIn white"."""
    return " ".join(_SPELLED.get(word, word) for word in style.split("-"))


def headline(text: str) -> str:
    """With a capital letter."""
    return text[:1].upper() + text[1:]


def short_id(shoot_id: str) -> str:
    """Enough of an id to type."""
    return shoot_id[:_SHOWN_ID]


def wait_words(seconds: float) -> str:
    """Such as "about 50 s" or "about 3 min"."""
    if seconds < _BREATH_S:
        return "a few seconds"
    if seconds < 95:
        step = 5 if seconds < 30 else 10
        return f"about {step * round(seconds / step)} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"about {minutes} min"
    return f"about {counted(round(minutes / 60), 'hour')}"


def span_words(span: timedelta) -> str:
    """How long something is kept: "24 hours", "7 days"."""
    hours = span.total_seconds() / 3600
    if hours < 1:
        return counted(max(round(hours * 60), 1), "minute")
    return counted(round(hours), "hour") if hours < 48 else counted(round(hours / 24), "day")


def left_words(seconds: float) -> str:
    """How long something stays: "less than an hour", "23 hours", "6 days"."""
    return "less than an hour" if seconds < 3600 else span_words(timedelta(seconds=seconds))


def look_of(recipe: Json) -> Mapping[str, str]:
    """`crop`, `backdrop` and `light` of a headshot in words; empty when the recipe is of a kind that we cannot read."""
    match recipe:
        case {"shot": {"crop": str(crop), "backdrop": {"name": str(backdrop)}, "light": {"name": str(light)}}}:
            named = {"crop": crop, "backdrop": backdrop, "light": light}
            return {key: name.replace("-", " ") for key, name in named.items()}
        case _:
            return {}


def style_of(recipe: Json) -> str:
    """Name of the style in a recipe; "" when it cannot be read."""
    match recipe:
        case {"shot": {"style": str(style)}}:
            return style
        case _:
            return ""
