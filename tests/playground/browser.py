"""A headless Chromium, driven over its DevTools protocol with a few verbs, for tests that need to see what a person sees.

Names in the verbs are what a screen reader says ("I agree"); anything that starts with one of `#.[` or a tag and a dot is a
CSS selector.
"""

import asyncio
import base64
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed; Debian: apt install chromium")
PATIENCE_S = 20.0
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--mute-audio",
    "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream", "--remote-debugging-port=0", "about:blank",
)  # fmt: skip
_SELECTOR = re.compile(r"[#.\[]|[a-z]+[.\[#]")


class Browser:
    """One page. Made by `open_browser`."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._session = ""
        self._reader = asyncio.create_task(self._read())
        self.errors: list[str] = []
        """What the page complained about in its console: exceptions, and what the content policy refused."""

    # ---- what a person does

    async def open(self, url: str) -> None:
        """Go there and wait until it is loaded."""
        await self.call("Page.navigate", url=url)
        await self.until("document.readyState === 'complete'")

    async def size(self, width: int, height: int, *, dark: bool = False, scale: float = 1) -> None:
        """A window of that size, light or dark."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])

    async def click(self, name: str, role: str = "") -> None:
        """Click the middle of what has this name, or matches this selector."""
        try:
            x, y = await self._middle(await self._find(name, role))
        except AssertionError:  # it was drawn anew in between
            x, y = await self._middle(await self._find(name, role))
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1)

    async def type(self, text: str) -> None:
        """Into what has the focus."""
        await self.call("Input.insertText", text=text)

    async def press(self, key: str) -> None:
        """Such as Enter, Escape, Tab, ArrowRight."""
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
        typed = {"text": "\r"} if key == "Enter" else {}
        common = {"key": key, "code": key, "windowsVirtualKeyCode": codes[key]}
        await self.call("Input.dispatchKeyEvent", type="keyDown", **common, **typed)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    async def choose_files(self, selector: str, files: Sequence[Path]) -> None:
        """As if they had been chosen in the dialog of a file input."""
        node = await self._find(selector)
        await self.call("DOM.setFileInputFiles", files=[str(file) for file in files], backendNodeId=node)

    async def drop_files(self, files: Sequence[Path], x: int = 500, y: int = 300) -> None:
        """Drag them from somewhere else and let go there."""
        data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            await self.call("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)

    # ---- what a person sees

    async def text(self, selector: str = "body") -> str:
        """All words that can be seen there."""
        return str(await self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    async def wait_for_text(self, text: str, selector: str = "body", patience_s: float = PATIENCE_S) -> None:
        """Until the words stand there."""
        wanted = f"(document.querySelector({json.dumps(selector)})?.innerText ?? '').includes({json.dumps(text)})"
        await self.until(wanted, patience_s)

    async def wait_for(self, selector: str, patience_s: float = PATIENCE_S) -> None:
        """Until something matches."""
        await self.until(f"document.querySelector({json.dumps(selector)}) !== null", patience_s)

    async def wait_for_pictures(self, selector: str = "img", patience_s: float = PATIENCE_S) -> None:
        """Until all pictures that match are drawn."""
        every = f"[...document.querySelectorAll({json.dumps(selector)})]"
        await self.until(f"{every}.length > 0 && {every}.every((i) => i.complete && i.naturalWidth > 0)", patience_s)

    async def count(self, selector: str) -> int:
        """How many match."""
        return int(await self.run(f"document.querySelectorAll({json.dumps(selector)}).length"))

    async def screenshot(self, file: Path, *, motion_s: float = 0.4) -> None:
        """A PNG of the window, once what moves has come to rest."""
        await asyncio.sleep(motion_s)
        shot = await self.call("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(shot["data"]))

    async def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        done = await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise AssertionError(done["exceptionDetails"]["exception"].get("description", "the script failed"))
        return done["result"].get("value")

    async def until(self, condition: str, patience_s: float = PATIENCE_S) -> None:
        """Until an expression in the page is true."""
        try:
            async with asyncio.timeout(patience_s):
                while not await self.run(condition):
                    await asyncio.sleep(0.05)
        except TimeoutError:
            seen = (await self.text())[-1500:]
            raise AssertionError(f"not within {patience_s} s: {condition}\n{self.errors}\n{seen}") from None

    # ---- the protocol

    async def call(self, method: str, **options: Any) -> dict[str, Any]:
        """One call of the protocol."""
        number = next(self._ids)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        message: dict[str, Any] = {"id": number, "method": method, "params": options}
        if self._session:
            message["sessionId"] = self._session
        await self._socket.send_json(message)
        async with asyncio.timeout(PATIENCE_S):
            answered: dict[str, Any] = await answer
        return answered

    async def attach(self) -> None:
        """To a fresh page."""
        target = await self.call("Target.createTarget", url="about:blank")
        session = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = session["sessionId"]
        for domain in ("Page", "Runtime", "DOM", "Log", "Accessibility"):
            await self.call(f"{domain}.enable")

    async def close(self) -> None:
        """Stop listening."""
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _find(self, name: str, role: str = "") -> int:
        """Node of an element, by selector or by what a screen reader says. Waits until it is there."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if _SELECTOR.match(name):
                    visible = f"[...document.querySelectorAll({json.dumps(name)})].find((each) => each.checkVisibility()) ?? document.querySelector({json.dumps(name)})"
                    found = (await self.call("Runtime.evaluate", expression=visible))["result"]
                    if "objectId" in found:
                        described = await self.call("DOM.describeNode", objectId=found["objectId"])
                        return int(described["node"]["backendNodeId"])
                else:
                    root = (await self.call("DOM.getDocument", depth=0))["root"]["nodeId"]
                    options = {"nodeId": root, "accessibleName": name} | ({"role": role} if role else {})
                    nodes = (await self.call("Accessibility.queryAXTree", **options))["nodes"]
                    spoken = [
                        node
                        for node in nodes
                        if not node["ignored"] and node["role"]["value"] not in {"StaticText", "InlineTextBox"}
                    ]
                    if spoken:
                        return int(spoken[-1]["backendDOMNodeId"])
                await asyncio.sleep(0.05)

    async def _middle(self, node: int) -> tuple[float, float]:
        await self.call("DOM.scrollIntoViewIfNeeded", backendNodeId=node)
        corners = (await self.call("DOM.getBoxModel", backendNodeId=node))["model"]["border"]
        return (corners[0] + corners[4]) / 2, (corners[1] + corners[5]) / 2

    async def _read(self) -> None:
        async for message in self._socket:
            document = json.loads(message.data)
            if (answer := self._waiting.pop(document.get("id", 0), None)) is not None:
                if "error" in document:
                    answer.set_exception(AssertionError(document["error"]["message"]))
                else:
                    answer.set_result(document["result"])
            elif document.get("method") == "Runtime.exceptionThrown":
                details = document["params"]["exceptionDetails"]
                self.errors.append(details.get("exception", {}).get("description", details["text"]))
            elif document.get("method") == "Log.entryAdded" and document["params"]["entry"]["level"] == "error":
                self.errors.append(document["params"]["entry"]["text"])


@asynccontextmanager
async def open_browser(width: int = 1280, height: int = 860) -> AsyncIterator[Browser]:
    """A browser of its own, with nothing remembered."""
    assert CHROMIUM is not None, "mark the test with needs_chromium"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [CHROMIUM, *_FLAGS[:-1], f"--user-data-dir={folder}", _FLAGS[-1]]
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            address = await _address(Path(folder) / "DevToolsActivePort", process)
            async with aiohttp.ClientSession() as session, session.ws_connect(address, max_msg_size=0) as socket:
                browser = Browser(socket)
                try:
                    await browser.attach()
                    await browser.size(width, height)
                    yield browser
                finally:
                    await browser.close()
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


async def _address(file: Path, process: "subprocess.Popen[bytes]") -> str:
    """Where the browser listens, as soon as it has written that down."""
    async with asyncio.timeout(30):
        while True:
            assert process.poll() is None, "Chromium ended at once"
            lines = file.read_text().splitlines() if file.exists() else []
            if len(lines) == 2:
                return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
            await asyncio.sleep(0.05)
