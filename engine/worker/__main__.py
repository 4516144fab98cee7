"""`python -m engine.worker`: one worker on this machine's device, until it is told to stop.

Exit codes: 0 stopped, 1 something else is away or broken and starting again may help, 2 a setting or a model file is wrong.
"""

import asyncio
import sys

from bot.observe.logs import set_up_logs
from bot.settings import load_settings, pass_on
from engine.contract.errors import ArtifactUnreadable, HeadroomError, ModelUnavailable, SettingsError
from engine.contract.sentences import sentence
from engine.worker.service import serve


def main() -> int:
    """Run; the exit code."""
    try:
        settings = load_settings()
        set_up_logs(settings.log_level, settings.log_format)
        pass_on(settings)
        asyncio.run(serve(settings))
    except HeadroomError as error:
        sys.stderr.write(f"{sentence(error.code, **error.facts)}\n")
        return 2 if isinstance(error, SettingsError | ModelUnavailable | ArtifactUnreadable) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
