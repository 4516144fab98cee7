"""How many headshots somebody asks for: "8", "x8", "eight", "a dozen"."""

import re

from engine.contract.errors import PersonError
from engine.contract.requests import FEWEST, MOST

_DIGITS = re.compile(r"[x×*]?([-+−]?)(\d+)[x×*]?", re.IGNORECASE)
_FROM_ONE = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty twenty-one twenty-two twenty-three twenty-four twenty-five"""
_NAMED = {word: number for number, word in enumerate(_FROM_ONE.split(), 1)} | {
    "couple": 2, "dozen": 12, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "thousand": 1000, "zero": 0,
}  # fmt: skip


def read_digits(word: str) -> int | None:
    """The number that is written in digits; None for anything else. Minus one stands for all below zero."""
    if (match := _DIGITS.fullmatch(word.strip("()[].,;!?"))) is None:
        return None
    return -1 if match[1] in {"-", "−"} else int(match[2][:6])


def read_number(word: str) -> int | None:
    """The number that a word names, in digits or letters; None for anything else."""
    digits = read_digits(word)
    return _NAMED.get(word.casefold().strip("()[].,;!?")) if digits is None else digits


def checked_count(number: int) -> int:
    """The number; raises PersonError "count_out_of_range"."""
    if not FEWEST <= number <= MOST:
        raise PersonError("count_out_of_range", fewest=FEWEST, most=MOST)
    return number
