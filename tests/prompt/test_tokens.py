"""Token limits: a prompt is never cut off by a text encoder."""

import gzip
import importlib.util
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contract.shots import ShootRequest
from engine.prompting.clip_words import TOKENS_OF
from engine.prompting.tokens import TOKEN_LIMIT, fit, token_bound
from engine.stages.prompt import plan
from engine.stages.style import packaged_styles
from tests.prompt.sitters import DIFFUSION, appearance, selfie
from tests.prompt.wishes import ORDINARY

WORDS = st.sampled_from(sorted(TOKENS_OF)) | st.text(max_size=12)
PHRASES = st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=30)


@settings(max_examples=150, deadline=None)
@given(PHRASES, st.integers(1, TOKEN_LIMIT))
def test_phrases_always_fit(phrases: list[str], limit: int) -> None:
    """Whatever a style holds, no part is longer than the limit, and nothing is said twice."""
    text = fit(phrases, limit=limit)

    assert token_bound(text) <= limit


@settings(max_examples=100, deadline=None)
@given(PHRASES)
def test_a_phrase_is_kept_whole_and_in_order(phrases: list[str]) -> None:
    """Half a phrase can mean the opposite; the most important one comes first."""
    kept: list[str] = []

    fit(phrases, lambda text: kept.append(text) or 0)  # type: ignore[func-returns-value]

    fresh = [p for n, p in enumerate(phrases) if p and p.lower() not in {q.lower() for q in phrases[:n]}]
    assert (kept[-1] if kept else "") == ", ".join(fresh)


def test_an_exact_count_replaces_the_bound() -> None:
    """Where the real tokenizer is at hand, every token is used."""
    assert fit(["unheard", "portrait"], lambda text: len(text.split()), limit=2) == "unheard, portrait"
    assert fit(["unheard", "portrait"], limit=2) == "portrait"


@pytest.mark.parametrize("style", packaged_styles(), ids=lambda style: style.name)
def test_every_prompt_fits_and_keeps_what_matters(style: object) -> None:
    """With the busiest look and the longest wish, the subject and the backdrop are still in the prompt."""
    looks = appearance(glasses=1.0, facial_hair=1.0, clothing="light blue")
    for wish in ("", "big smile, arms crossed, navy suit, no glasses, warmer, look at the camera"):
        for shot in plan(style, (selfie(looks=looks),), ShootRequest(photos=(), count=20, wish=wish), DIFFUSION):  # type: ignore[arg-type]
            parts = (shot.prompt.subject, shot.prompt.photography, shot.prompt.negative)
            assert all(0 < token_bound(part) <= TOKEN_LIMIT for part in parts)
            assert shot.prompt.subject.startswith(style.prompt.subject[0])  # type: ignore[attr-defined]
            assert "lens, f/" in shot.prompt.photography
            assert style.prompt.photography[-1] in shot.prompt.photography, "the style's own words were squeezed out"  # type: ignore[attr-defined]


@cache
def _merges() -> dict[tuple[str, ...], int]:
    spec = importlib.util.find_spec("open_clip")
    if spec is None or spec.origin is None:
        pytest.skip("CLIP's vocabulary is not installed (open_clip_torch brings it)")
    lines = (
        gzip.decompress(Path(spec.origin).with_name("bpe_simple_vocab_16e6.txt.gz").read_bytes()).decode().split("\n")
    )
    return {tuple(line.split()): rank for rank, line in enumerate(lines[1 : 49152 - 256 - 2 + 1])}


def _true_count(text: str) -> int:
    """Tokens by CLIP's own merges; `text` is ASCII."""
    count = 0
    for run in re.findall(r"'s|'t|'re|'ve|'m|'ll|'d|[a-z]+|[0-9]|[^\sa-z0-9]+", text.lower()):
        parts = [*run[:-1], run[-1] + "</w>"]
        while len(parts) > 1:
            rank, at = min((_merges().get(pair, 10**9), n) for n, pair in enumerate(pairwise(parts)))
            if rank == 10**9:
                break
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        count += len(parts)
    return count


def test_the_bound_never_counts_too_few() -> None:
    """Against CLIP's real vocabulary: every word of the list is exact, every other text is bounded, prompts are nearly exact."""
    assert _true_count("a photo of a cat") == 5
    assert {word: _true_count(word) for word in TOKENS_OF} == dict(TOKENS_OF)
    for text in (*ORDINARY, "chiaroscuro, sfumato & co", "f/2.8, 85mm, (((masterpiece))) 8k--uhd"):
        assert _true_count(text) <= token_bound(text), text
    for style in packaged_styles():
        prompt = plan(style, (selfie(),), ShootRequest(photos=()), DIFFUSION)[0].prompt
        for part in (prompt.subject, prompt.photography, prompt.negative):
            assert _true_count(part) <= token_bound(part) <= _true_count(part) + 6, part
