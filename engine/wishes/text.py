"""A person's words made safe to look at: invisible signs gone, look-alike letters unmasked."""

import re
import unicodedata

from engine.contract.errors import PersonError

WISH_LIMIT = 120
"""Characters."""

_LOOK_ALIKES = str.maketrans("асеіјорѕхуԁһոгαειοτυνκρ", "aceijopsxydhnraeiotuvkp")
"""Cyrillic, Armenian and Greek letters that pass for Latin ones."""

_LEET = str.maketrans("013457@$!|", "oieastasil")


def one_line(text: str) -> str:
    """The text in one line without control, bidirectional, zero-width or private signs; raises PersonError "wish_too_long" for a
    flood of words.
    """
    if len(text) > 10 * WISH_LIMIT:
        raise PersonError("wish_too_long", limit=WISH_LIMIT)
    spaced = re.sub(r"\s", " ", unicodedata.normalize("NFKC", text))
    seen = "".join(sign for sign in spaced if unicodedata.category(sign)[0] != "C")
    return re.sub(r" +", " ", seen).strip()


def clean(text: str) -> str:
    """The wish in one line; raises PersonError "wish_too_long"."""
    line = one_line(text)
    if len(line) > WISH_LIMIT:
        raise PersonError("wish_too_long", limit=WISH_LIMIT)
    return line


def fold(text: str) -> str:
    """Lower case Latin letters without accents: what the vocabulary is matched against."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text.casefold()) if unicodedata.category(sign) != "Mn"
    )
    return re.sub(r"[‘’`´]", "'", bare.translate(_LOOK_ALIKES))


def readings(text: str) -> tuple[str, ...]:
    """Folded ways to read a wish that tries to hide a word: as written, with digits as letters, with s p a c e d letters joined."""
    plain = fold(text)
    letters = re.sub(
        r"\w*[a-z]\w*|\S+", lambda word: word[0].translate(_LEET) if re.search(r"[a-z]", word[0]) else word[0], plain
    )
    joined = re.sub(r"\b(?:[a-z][\W_]{1,2}){2,}[a-z]\b", lambda run: re.sub(r"[\W_]", "", run[0]), letters)
    dotted = re.sub(r"(?<=[a-z])[.*_\-](?=[a-z])", "", letters)
    calm = re.sub(r"([a-z])\1{2,}", r"\1", joined)
    return tuple(dict.fromkeys((plain, letters, joined, dotted, calm)))
