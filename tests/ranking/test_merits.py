"""The sentence of why."""

import numpy as np
import pytest

from engine.contract.sentences import PHRASES, SENTENCES
from engine.contract.styles import Backdrop
from engine.ranking.gate import Held
from engine.ranking.merits import reasons
from engine.ranking.totals import WEIGHTS
from tests.ranking.prints import shot


def _gallery(count: int = 12, seed: int = 0) -> tuple[list[dict[str, float]], list]:
    random = np.random.default_rng(seed)
    parts = [{name: float(random.uniform(0.8, 1.0)) for name in WEIGHTS} for _ in range(count)]
    plans = [shot(i, backdrop=Backdrop(f"tone-{i % 4}", "gradient")) for i in range(count)]
    return parts, plans


def test_what_stands_out_is_what_is_said() -> None:
    """The picture with by far the closest likeness says so; one that is alone on its backdrop says that."""
    parts = [dict.fromkeys(WEIGHTS, 0.9) for _ in range(4)]
    parts[2]["likeness"] = 0.99
    plans = [shot(i) for i in range(4)]
    plans[3] = shot(3, backdrop=Backdrop("warm-grey", "gradient"))

    why = reasons(parts, plans)

    assert why[2].startswith("Chosen for the closest likeness of the gallery")
    assert why[3] == "Chosen for being the only one on the warm grey backdrop."


def test_a_gallery_does_not_repeat_one_sentence() -> None:
    """Twelve pictures with the same praise would be boilerplate: no sentence comes more than twice, and most only once."""
    for seed in range(20):
        why = reasons(*_gallery(seed=seed))
        assert max(why.count(sentence) for sentence in why) <= 2
        assert len(set(why)) >= 9


def test_a_superlative_is_given_once() -> None:
    """Only one picture of a gallery can be the sharpest."""
    why = " ".join(reasons(*_gallery()))

    assert all(why.count(text) <= 1 for code, text in PHRASES.items() if code.endswith("_best"))


def test_a_weak_picture_is_not_called_good() -> None:
    """Being better than worse neighbours is no merit worth a word of praise."""
    parts = [{"focus": value} for value in (0.2, 0.21, 0.2, 0.3, 0.32)]

    assert "a sharp face" not in reasons(parts, [shot(i) for i in range(5)])[3]


def test_one_picture_alone_gets_a_sentence() -> None:
    """A gallery of one has nothing to compare with."""
    (why,) = reasons([dict.fromkeys(WEIGHTS, 0.9)], [shot()])

    assert why == "Chosen for variety: loop light on the slate backdrop, framed classic."


@pytest.mark.parametrize("part", WEIGHTS)
def test_every_measure_has_its_words(part: str) -> None:
    """A new measure without a phrase would break a gallery in front of its sitter."""
    assert {f"{part}_best", f"{part}_good"} <= set(PHRASES)


def test_every_reason_for_holding_back_has_a_sentence() -> None:
    """People are told why they see fewer pictures than were made."""
    assert {held.value for held in Held} <= set(SENTENCES)
