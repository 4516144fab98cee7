"""Verdicts and coverage as a person reads them in a terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from adapters.cli.album.report import note_text
from engine.contract.selfies import Coverage, Intake, Outcome

_MARKS = {
    Outcome.ACCEPTED: "[green]accepted[/]",
    Outcome.USABLE: "[yellow]usable[/]",
    Outcome.REFUSED: "[red]refused[/]",
}


def print_verdicts(intake: Intake, console: Console) -> None:
    """A line for every photo, what they cover, and the one photo that would help most."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("Photo", "Verdict", "Advice"):
        table.add_column(heading, overflow="fold")
    for verdict in intake.verdicts:
        table.add_row(escape(verdict.name), _MARKS[verdict.outcome], escape(verdict.advice))
    console.print(table)
    console.print()
    for line in coverage_lines(intake.coverage):
        console.print(line, soft_wrap=True)


def coverage_lines(coverage: Coverage) -> list[str]:
    """What is seen in the photos, and what is not."""
    lines = []
    for title, counts in (("Angles", coverage.angles), ("Light", coverage.light), ("Mouth", coverage.expression)):
        words = [
            f"{name.removeprefix('mouth_')} {n}" if n else f"[dim]{name.removeprefix('mouth_')} –[/]"
            for name, n in counts.items()
        ]
        lines.append(f"[dim]{title:<8}[/]{'  '.join(words)}")
    if coverage.next_photo is not None:
        lines.append(f"[dim]Next[/]    {escape(note_text(coverage.next_photo))}")
    return lines
