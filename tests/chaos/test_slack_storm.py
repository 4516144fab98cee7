"""A day of a small company in Slack, in a minute, in a storm that kills every process again and again while Slack fails, too.

Bot, workers, engines and Valkey are processes as in production, and the bot talks to the simulated Slack over a real socket; the
simulator lives in the test's own process, which nobody kills, and what stands in it is judged.
"""

from pathlib import Path

import pytest

from tests.chaos.figures import figures
from tests.chaos.judge import RULES
from tests.chaos.slack_day import slack_day
from tests.chaos.slack_judge import SLACK_RULES, SlackEvidence
from tests.chaos.test_storm import TOLD

SEED = 11


@pytest.mark.asyncio
@pytest.mark.slow
@pytest.mark.timeout(0)
async def test_whatever_dies_nothing_is_lost_in_slack_and_nothing_is_posted_twice(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """All that anywhere holds; each key stands once, each headshot once, and no picture that nobody knows of."""
    given = {name: request.config.getoption(f"chaos_{name}", 0) or 0 for name in ("seed", "lease", "minutes")}
    seed = int(given["seed"]) or SEED
    found = await slack_day(tmp_path, seed, float(given["lease"]) or 3.0, float(given["minutes"]))
    seen = found.seen
    told = f"seed {seed}, logs in {tmp_path / 'logs'}\n{figures(seen)}\n{files(found)}"
    print(f"\n{told}")  # noqa: T201
    findings = [finding for rule in RULES for finding in rule(seen)]
    findings += [finding for rule in SLACK_RULES for finding in rule(found)]
    about = list(dict.fromkeys(finding.shoot_id for finding in findings if finding.shoot_id))
    report = [told, *(f"{finding.shoot_id or '-'}: {finding.text}" for finding in findings)]
    report += [f"\n{shoot_id}\n{seen.history(shoot_id)}" for shoot_id in about[:TOLD]]
    assert not findings, "\n".join(report)


def files(found: SlackEvidence) -> str:
    """In how many messages pictures stand, for whoever wants to know."""
    loose = found.files.keys() - found.shown
    return f"{'files':>25}  {len(found.files)} put up, {len(loose)} of them in no message: {len(loose - found.noted)} unknown"
