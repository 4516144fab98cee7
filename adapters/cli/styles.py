"""`headroom styles`: the named looks."""

from dataclasses import asdict
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from adapters.cli.answers import as_json_option, page, print_json
from engine.contract.styles import Style
from engine.stages.style import find_style
from engine.stages.style import styles as all_styles


@click.command()
@click.argument("name", required=False)
@click.option(
    "--own",
    type=click.Path(exists=True, path_type=Path),
    help="A style file of your own, or a folder of them; checked and shown with the rest.",
)
@as_json_option
def styles(name: str | None, own: Path | None, as_json: bool) -> None:
    """List the styles, or show one: NAME is its name, an alias or its title."""
    if name is not None:
        style = find_style(name, own)
        print_json(asdict(style)) if as_json else _show(style)
        return
    known = all_styles(own)
    if as_json:
        print_json([asdict(style) for style in known])
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("Style", "What it is"):
        table.add_column(heading, no_wrap=heading == "Style")
    for style in known:
        table.add_row(style.name, escape(style.summary))
    page().print(table)


def _show(style: Style) -> None:
    console = page()
    console.print(f"[bold]{escape(style.title)}[/]  [dim]{style.name}[/]")
    console.print(style.summary, markup=False)
    facts = {
        "Light": ", ".join(f"{light.name} ({light.ratio:g}:1)" for light in style.lights),
        "Backdrop": ", ".join(backdrop.name for backdrop in style.backdrops),
        "Print": ", ".join(grade.name for grade in style.grades),
        "Crop": ", ".join(style.crops),
        "Wardrobe": ", ".join(style.wardrobe),
        "Lens": f"{style.lens_mm:g} mm at f/{style.aperture:g}",
        "Expression": style.expression,
        "Also called": ", ".join(style.aliases),
    }
    for name, value in facts.items():
        if value:
            console.print(f"[dim]{name:<12}[/]{escape(value)}")
