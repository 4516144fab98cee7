"""`python -m tests.worker.process`: the worker as it is run, on a quick studio and with a lease of LEASE_S."""

import asyncio
import os
import sys

from bot.observe.logs import set_up_logs
from bot.settings import load_settings
from engine.child.process import EngineChild
from engine.worker.service import serve
from tests.worker.world import STUDIO


def new_child(batch: int) -> EngineChild:
    """An engine process that records."""
    told = {"HEADROOM_BATCH": str(batch), "HISTORY": os.environ["HISTORY"]}
    return EngineChild(STUDIO, allowed=(STUDIO,), environment=told)


if __name__ == "__main__":
    set_up_logs("warning")
    asyncio.run(serve(load_settings(), new_child, float(os.environ["LEASE_S"]), float(os.environ["LOOK_S"])))
    sys.exit(0)
