"""docs/quality.md says what the code does."""

import re
from pathlib import Path

from engine.faces.sface import CARD
from engine.identity.calibration import BAR
from engine.identity.drift import PLASTIC
from engine.intake.findings import RULES
from engine.ranking.totals import WEIGHTS

PAGE = (Path(__file__).parents[2] / "docs" / "quality.md").read_text(encoding="utf-8")


def test_every_limit_of_intake_stands_in_the_page() -> None:
    """Whoever is told that a photo is too dark can read where the limit is: code, limit and verdict of each rule."""
    written = set(re.findall(r"^\| `(\w+)` \| .* \| [<>] ([\d.]+) \| (refused|warned) \|$", PAGE, re.MULTILINE))

    assert written == {(rule.code, f"{rule.limit:g}", "refused" if rule.refuses else "warned") for rule in RULES}


def test_every_weight_of_the_ranking_stands_in_the_page() -> None:
    """The table of parts is the table in the code."""
    written = dict(re.findall(r"^\| `(\w+)` \| ([\d.]+) \| .* \|$", PAGE, re.MULTILINE))

    assert {name: written.get(name) for name in WEIGHTS} == {name: f"{weight:g}" for name, weight in WEIGHTS.items()}


def test_the_figures_of_the_embedder_stand_in_the_page() -> None:
    """Impostor and genuine statistics decide the calibrated score; the page must not tell others."""
    assert f"{CARD.impostor_mean} ± {CARD.impostor_sd}" in PAGE
    assert f"{CARD.genuine_mean} ± {CARD.genuine_sd}" in PAGE
    assert f"**{BAR}, the professional bar" in PAGE
    assert f"**Below {PLASTIC} skin" in PAGE
