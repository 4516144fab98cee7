"""A wish: what a person asks for in their own words, read into slots that the plan and the prompt know.

The text itself goes nowhere: not into a prompt, a template, a log or a file name. Only the slots do, in words of ours.
"""

from dataclasses import replace

from engine.wishes.refusals import refuse_unsafe
from engine.wishes.slots import read_slots
from engine.wishes.text import WISH_LIMIT, clean, fold
from engine.wishes.wish import Wish

__all__ = ["WISH_LIMIT", "Wish", "read_wish"]


def read_wish(text: str) -> Wish:
    """Slots of a wish; what was not understood is a code in `unmet`.

    Raises PersonError: "wish_too_long", "wish_nudity", "wish_minor", "wish_other_person", "wish_uniform", "wish_weapon",
    "wish_hate", "wish_body".
    """
    line = clean(text)
    if not line:
        return Wish()
    refuse_unsafe(line)
    wish, rest = read_slots(fold(line))
    if wish == Wish():
        return Wish(unmet=("wish_not_understood",))
    return replace(wish, unmet=(*wish.unmet, "wish_partly_understood")) if rest else wish
