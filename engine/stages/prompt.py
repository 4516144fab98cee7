"""Stage 4, Prompt: from a style, a sitting and a wish to the list of planned pictures. Deterministic."""

from collections.abc import Sequence

import numpy as np

from engine.contract.ports import RendererCard
from engine.contract.selfies import Selfie
from engine.contract.shots import ShootRequest, Shot
from engine.contract.styles import Style
from engine.planning.choices import Choices, to_choices
from engine.planning.shot_ids import seed_of, with_id
from engine.planning.spread import DECAY, shares, spread
from engine.planning.steering import steered, weight
from engine.prompting.prompts import to_prompt
from engine.prompting.tokens import TokenCount, token_bound
from engine.wishes import read_wish

FEWEST_CANDIDATES, MOST_CANDIDATES = 20, 100

_IMPORTANCE = (0.25, 0.2, 0.25, 0.2, 0.1)
"""What leaving the first choice of crop, light, backdrop, grade and wardrobe costs in preference; sums to 1."""


def plan(
    style: Style,
    sitting_selfies: Sequence[Selfie],
    request: ShootRequest,
    renderer: RendererCard,
    count_tokens: TokenCount = token_bound,
) -> tuple[Shot, ...]:
    """Shots of a shoot, in the order in which a photographer would take them: `candidates(request)` of them.

    Every selfie, crop, light, backdrop and grade comes up as often as its preference says, and so does every pair of them.
    Raises PersonError for a wish that is refused (see `wishes.read_wish`), ValueError for an empty sitting.
    """
    if not sitting_selfies:
        raise ValueError("a plan needs a selfie")
    wish = read_wish(request.wish)
    choices = to_choices(style, request, wish)
    selfies = sorted(sitting_selfies, key=lambda selfie: (-weight(selfie, style), selfie.id))
    weights = [weight(selfie, style) for selfie in selfies]
    own = [steered(choices, selfie) for selfie in selfies]
    shots = []
    for index, (at, *ranks) in enumerate(
        _picks(weights, own, candidates(request), request.seed and seed_of(request.seed, 0, "order"))
    ):
        look, selfie = own[at].look(ranks), selfies[at]
        shot = Shot(
            id="",
            seed=seed_of(request.seed, index, style.name),
            selfie_id=selfie.id,
            style=style.name,
            crop=look.crop,
            light=look.light,
            backdrop=look.backdrop,
            grade=look.grade,
            polish=choices.polish,
            wardrobe=look.wardrobe,
            prompt=to_prompt(style, look, selfie.appearance, wish, renderer, count_tokens),
            preference=_preference(ranks, weights[at] / weights[0]),
        )
        shots.append(with_id(shot))
    return tuple(shots)


def candidates(request: ShootRequest) -> int:
    """Pictures to render: what was asked for, else twice the count within 20 and 100. Raises ValueError out of range."""
    if not 1 <= request.count <= MOST_CANDIDATES:
        raise ValueError(f"count must be 1 to {MOST_CANDIDATES}, not {request.count}")
    if request.candidates is None:
        return min(MOST_CANDIDATES, max(FEWEST_CANDIDATES, 2 * request.count))
    if not 1 <= request.candidates <= MOST_CANDIDATES:
        raise ValueError(f"candidates must be 1 to {MOST_CANDIDATES}, not {request.candidates}")
    return request.candidates


def _picks(weights: Sequence[float], own: Sequence[Choices], picks: int, seed: int) -> list[tuple[int, ...]]:
    """Index tuples: selfie, then the rank of each choice in that selfie's own order."""
    sizes = [max(sizes) for sizes in zip(*(choices.sizes for choices in own), strict=True)]
    allowed = np.zeros((len(own), *sizes), dtype=np.bool_)
    for at, choices in enumerate(own):
        allowed[(slice(at, at + 1), *(slice(size) for size in choices.sizes))] = True
    parts = np.asarray(weights, dtype=np.float64)
    return spread([parts / parts.sum(), *map(shares, sizes)], picks, allowed, seed)


def _preference(ranks: Sequence[int], selfie: float) -> float:
    """In [0, 1]: 1 for the best selfie with all first choices; `selfie` is its weight as a share of the best one's."""
    first = sum(cost / (1 + DECAY * rank) for cost, rank in zip(_IMPORTANCE, ranks, strict=True))
    return round(first * (0.7 + 0.3 * selfie), 4)
