"""`python -m tests.scenarios.worker`: the worker as it is run, with the quick studio."""

import asyncio
import os
import sys

from bot.observe.logs import set_up_logs
from bot.settings import load_settings
from engine.child.process import EngineChild
from engine.worker.service import serve
from tests.scenarios.studio import GATE, STUDIO


def new_child(batch: int) -> EngineChild:
    """An engine process."""
    told = {"HEADROOM_BATCH": str(batch), GATE: os.environ[GATE]}
    return EngineChild(STUDIO, allowed=(STUDIO,), environment=told)


if __name__ == "__main__":
    set_up_logs("info")
    asyncio.run(serve(load_settings(), new_child))
    sys.exit(0)
