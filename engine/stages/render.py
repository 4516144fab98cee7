"""Stage 5, Render: planned shots become candidates. Proofs are small; only what is chosen is made large."""

from collections.abc import Sequence

from engine.contract.errors import PersonError
from engine.contract.ports import OnStep, Renderer, Sitting
from engine.contract.shots import Candidate, Shot

PROOF_PX = 768
"""Height of a proof: enough to judge everything that is measured (a face of 280 px and more)."""


def render(
    renderer: Renderer, sitting: Sitting, shots: Sequence[Shot], on_step: OnStep, height_px: int = PROOF_PX
) -> tuple[Candidate, ...]:
    """Proofs of the shots; those that fail the renderer's own guards are missing. Raises PersonError when none is left."""
    renderer.load()
    candidates = tuple(renderer.render(sitting, shots, height_px, on_step))
    if not candidates:
        raise PersonError("nothing_rendered")
    return candidates
