"""Two real processes on one SQLite file."""

import asyncio
import subprocess
import sys
from pathlib import Path

from adapters.records.ledger import open_ledger
from tests.ports.ledger.story import HandClock
from tests.rules.source import ROOT

SECONDS = "3"


def test_two_processes_on_one_file_lose_nothing_and_claim_nothing_twice(tmp_path: Path) -> None:
    """Both start on a missing file at the same moment, migrate it, and work on it with eight writers."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    command = [sys.executable, "-m", "tests.ports.ledger.hammer", url]
    running = [
        subprocess.Popen([*command, name, SECONDS], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("left", "right")
    ]
    told = [process.communicate(timeout=60) for process in running]
    assert [(process.returncode, errors) for process, (_, errors) in zip(running, told, strict=True)] == [(0, "")] * 2
    lines = [line.split() for output, _ in told for line in output.splitlines()]
    accepted, claimed, finished = (
        [line[1] for line in lines if line[0] == w] for w in ("accepted", "claimed", "finished")
    )

    assert len(claimed) == len(set(claimed)), "claimed twice"
    assert sorted(claimed) == sorted(finished)
    assert len(accepted) == len(set(accepted)) > 20

    async def counts() -> tuple[int, int, int]:
        ledger = await open_ledger(url, HandClock())
        found = await ledger.reconciler.counts()
        await ledger.close()
        return found.accepted, found.finished, found.lost

    assert asyncio.run(counts()) == (len(accepted), len(finished), 0)
