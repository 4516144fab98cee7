"""Example pictures of styles for forms: the same for everybody in a workspace, so each goes up once.

A form has to open within three seconds, which is too short to put twenty pictures up. So a form shows those that Slack has, and the
others go up behind it, for the next one.
"""

import asyncio
import logging
from collections.abc import Callable, Collection

from adapters.slack.files import SlackFiles
from adapters.slack.limits import READY_S
from bot.messages import Form
from bot.vault import Vault
from engine.contract.errors import HeadroomError

FILE_NAME = "example.jpg"
log = logging.getLogger(__name__)


class Examples:
    """One for the whole process. `example`: a JPEG by name of a style; see `bot.catalogue.Catalogue`."""

    def __init__(self, files: SlackFiles, vault: Vault, example: Callable[[str], bytes | None]) -> None:
        self._files = files
        self._vault = vault
        self._example = example
        self._known: dict[str, dict[str, str]] = {}
        """Workspace → style → file."""
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._one_by_one = asyncio.Lock()

    def of(self, workspace: str, form: Form) -> dict[str, str]:
        """Style → file, of those that can be shown now."""
        wanted = {option.picture for blank in form.fields for option in blank.options if option.picture}
        known = self._known.setdefault(workspace, {})
        if not wanted <= known.keys() and workspace not in self._under_way:
            task = asyncio.create_task(self._put_up(workspace, wanted - known.keys()))
            self._under_way[workspace] = task
            task.add_done_callback(lambda _: self._under_way.pop(workspace))
        return {style: file for style, file in known.items() if style in wanted and file}

    def forget(self, workspace: str) -> None:
        """Slack does not know one of them: all are asked about before they are shown again."""
        self._known.pop(workspace, None)

    async def prepare(self, workspace: str, styles: Collection[str]) -> None:
        """Put up what is missing, before anybody asks. Quietly: a form without pictures is a form, too."""
        await self._put_up(workspace, styles)

    async def stop(self) -> None:
        """What is under way breaks off."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _put_up(self, workspace: str, styles: Collection[str]) -> None:
        known = self._known.setdefault(workspace, {})
        async with self._one_by_one:
            for style in sorted(set(styles) - known.keys()):
                try:
                    known[style] = await self._file(workspace, style)
                except HeadroomError as error:
                    log.info("example_not_shown", extra={"code": error.code})
                    return

    async def _file(self, workspace: str, style: str) -> str:
        """ "" = there is no picture of it."""
        now = asyncio.get_running_loop().time
        name = f"slack/{workspace}/example/{style}"
        if kept := await self._vault.get(name):
            file = kept.decode()
            if await self._files.looked_at(workspace, file, now() + READY_S):
                return file
        if (data := self._example(style)) is None:
            return ""
        file, address = await self._files.begin(workspace, FILE_NAME, len(data))
        await self._vault.put(name, file.encode())
        await self._files.put(workspace, address, data)
        await self._files.complete(workspace, {file: style})
        found = await self._files.looked_at(workspace, file, now() + READY_S)
        return file if found else ""
