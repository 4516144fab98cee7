"""A bound on CLIP tokens without a tokenizer: never fewer than the truth, so that nothing is cut off silently.

CLIP splits lower-cased text into runs of letters, single digits and runs of other signs, and cuts each run into byte pairs. A run
therefore never needs more tokens than it has UTF-8 bytes; that is the bound for what we do not know. The words of
`clip_words` are counted as they are, which makes the bound of ordinary photographic English nearly exact. Where the real tokenizer is at
hand, pass its count instead.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeAlias

from engine.prompting.clip_words import TOKENS_OF

TOKEN_LIMIT = 75
"""CLIP reads 77; two mark the start and the end."""

TokenCount: TypeAlias = Callable[[str], int]
"""Number of tokens of a text, start and end mark left out."""

_RUNS = re.compile(r"[^\W\d_]+|\S")


def token_bound(text: str) -> int:
    """Most CLIP tokens that `text` can have."""
    runs = _RUNS.findall(unicodedata.normalize("NFC", text).lower())
    return sum(TOKENS_OF.get(run) or len(run.encode("utf-8")) for run in runs)


def fit(phrases: Iterable[str], count: TokenCount = token_bound, limit: int = TOKEN_LIMIT) -> str:
    """Phrases joined by commas, the most important first; one that says nothing new or does not fit is left out."""
    kept: list[str] = []
    for phrase in phrases:
        fresh = phrase and phrase.lower() not in {known.lower() for known in kept}
        if fresh and count(", ".join([*kept, phrase])) <= limit:
            kept.append(phrase)
    return ", ".join(kept)
