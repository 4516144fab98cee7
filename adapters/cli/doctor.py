"""`headroom doctor`: what is set up, and how to mend what is not."""

import asyncio
from typing import TYPE_CHECKING

import click
from rich.markup import escape
from rich.table import Table

from adapters.cli.answers import DONE, PERSON, as_json_option, page, print_json
from adapters.cli.up import require_bot
from engine.contract.errors import SettingsError

if TYPE_CHECKING:
    from adapters.cli.checkup.looks import Seen

MARKS = {"good": "[green]✓[/]", "note": "[yellow]![/]", "bad": "[red]✗[/]"}


@click.command()
@as_json_option
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Check what is set up on this machine, and say how to mend what is not. Nothing is changed."""
    require_bot()
    found = asyncio.run(_found())
    well = all(finding.outcome != "bad" for finding in found.values())
    if as_json:
        checks = [
            {"name": name, "outcome": each.outcome, "told": each.told, "advice": each.advice}
            for name, each in found.items()
        ]
        print_json({"ok": well, "checks": checks})
    else:
        _show(found)
    context.exit(DONE if well else PERSON)


async def _found() -> "dict[str, Seen]":
    from adapters.cli.checkup import machine, places, slack
    from adapters.cli.checkup.looks import from_error, look_at
    from bot.settings import load_settings, pass_on

    try:
        settings = load_settings()
    except SettingsError as error:
        return {"settings": from_error(error)}
    pass_on(settings)
    looks = {
        "python": machine.python,
        "settings": machine.settings_known,
        "memory": machine.memory,
        "clock": machine.clock,
        "data folder": machine.data_folder,
        "model files": machine.models,
        "extra face model": machine.extra_model,
        "styles": machine.own_styles,
        "records": places.records,
        "records' clock": places.records_clock,
        "install key": places.install_key,
        "pictures": places.pictures,
        "redis": places.doorbell,
        "workers": places.workers,
        "slack": slack.bots,
        "slack's line": slack.line,
        "ports": machine.ports,
        "exposure": machine.exposure,
    }
    return await look_at(looks, settings)


def _show(found: "dict[str, Seen]") -> None:
    marks = MARKS if page().encoding.startswith("utf") else {"good": "ok", "note": "!", "bad": "x"}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for name, each in found.items():
        text = escape(each.told) + (f"\n[bold]{escape(each.advice)}[/]" if each.advice else "")
        table.add_row(marks[each.outcome], name, text)
    page().print(table)
    bad = sum(each.outcome == "bad" for each in found.values())
    page().print(f"\n{_summary(bad)}", markup=False)


def _summary(bad: int) -> str:
    if not bad:
        return "All is well. `headroom up` starts everything."
    return "One thing has to be mended." if bad == 1 else f"{bad} things have to be mended."
