"""What a person asked for, in their words: "8 corporate headshots from 3 photos"."""

from collections.abc import Mapping

from bot.cards.phrasing import counted, headline, style_of, style_words
from bot.payloads import ScreeningPayload, SelfieRef, ShootPayload, VariationPayload, from_json
from bot.shoots import Json, Kind

_VARIATIONS: Mapping[str, str] = {
    "more-like-this": "More like headshot {rank}",
    "new-light": "Headshot {rank} in other light",
    "new-backdrop": "Headshot {rank} before other backdrops",
    "new-crop": "Headshot {rank} in other frames",
    "colour": "Headshot {rank} in colour",
    "black-and-white": "Headshot {rank} in black and white",
    "dramatic": "Headshot {rank}, more dramatic",
    "original-background": "Headshot {rank} with its own background",
}


def names_of(selfies: tuple[SelfieRef, ...]) -> list[str]:
    """What the selfies are called."""
    return [selfie.name for selfie in selfies]


def title_of(kind: Kind, payload: Json) -> str:
    """What is being made, as a heading."""
    if kind == "screening":
        new = from_json(ScreeningPayload, payload).new
        return f"A look at {counted(len(new), 'photo')}"
    if kind == "variation":
        wanted = from_json(VariationPayload, payload)
        words = _VARIATIONS.get(wanted.variation, "Headshot {rank}, " + wanted.variation.replace("-", " "))
        return words.format(rank=wanted.rank)
    order = from_json(ShootPayload, payload)
    return counted(order.count, f"{style_words(order.style)} headshot")


def wanted_count(kind: Kind, payload: Json) -> int:
    """How many headshots were asked for; 0 for a screening."""
    if kind == "screening":
        return 0
    if kind == "variation":
        return from_json(VariationPayload, payload).count
    return from_json(ShootPayload, payload).count


def wanted_style(kind: Kind, payload: Json) -> str:
    """The style's name; "" where there is none."""
    match kind:
        case "screening":
            return ""
        case "variation":
            return style_of(from_json(VariationPayload, payload).recipe)
        case _:
            return from_json(ShootPayload, payload).style


def understood(kind: Kind, payload: Json) -> str:
    """One sentence that says what was understood, so that a person can object in time."""
    if kind == "screening":
        return f"{title_of(kind, payload)}."
    if kind == "variation":
        return f"{title_of(kind, payload)}: {counted(wanted_count(kind, payload), 'headshot')}."
    order = from_json(ShootPayload, payload)
    wish = f", with your wish “{order.wish}”" if order.wish else ""
    look = ", in the look of your picture" if order.reference else ""
    return f"{headline(title_of(kind, payload))} from {counted(len(order.selfies), 'photo')}{look}{wish}."
