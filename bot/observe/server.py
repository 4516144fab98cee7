"""The three addresses of an operator: /livez, /readyz and /metrics. They tell codes and figures, to whoever may reach the port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.observe.health import Health
from bot.observe.metrics import CONTENT_TYPE, Metrics
from engine.contract.errors import SettingsError


@asynccontextmanager
async def observed(host: str, port: int, health: Health, metrics: Metrics) -> AsyncIterator[int]:
    """Answer there while the block runs; gives the port. Port 0 takes a free one. SettingsError when it is taken."""

    async def live(_: web.Request) -> web.Response:
        alive = health.alive
        return web.json_response({"status": "live" if alive else "stuck"}, status=200 if alive else 503)

    async def ready(_: web.Request) -> web.Response:
        found = await health.readiness()
        told = {"status": found.status, "checks": dict(found.checks)}
        return web.json_response(told, status=503 if found.status == "unready" else 200)

    async def figures(_: web.Request) -> web.Response:
        return web.Response(body=metrics.page(), headers={"Content-Type": CONTENT_TYPE})

    app = web.Application()
    app.add_routes([web.get("/livez", live), web.get("/readyz", ready), web.get("/metrics", figures)])
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise SettingsError("port_taken", name="HEADROOM_OBSERVE_PORT", port=port) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
