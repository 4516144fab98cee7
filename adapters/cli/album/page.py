"""`gallery.html`: one file that shows a gallery and asks nothing of the network, no script included."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from adapters.cli.album.markup import Markup, fill, join, text_of
from adapters.cli.album.pictures import preview, shrink
from adapters.cli.album.report import Entry, note_text, unmet_wishes
from engine.contract.selfies import Coverage, Intake, Outcome, Verdict
from engine.contract.shots import Gallery

_VERDICTS = {Outcome.ACCEPTED: "accepted", Outcome.USABLE: "usable, with a remark", Outcome.REFUSED: "not used"}
_GROUPS = {"angles": "Angle", "light": "Light", "expression": "Mouth"}
_WIDE = 1.6
"""Aspect from which a picture takes two columns."""
_PLAIN = (
    "Every headshot is made of your own pixels: clothes, pose, gaze and expression are those of the photo.",
    "Likeness says how much a headshot looks like you, from 0 to 1, measured against how much your photos look like"
    " one another. The mark at 0.85 is the bar we set for professional use. It is a measure, not a proof.",
    "Scores compare headshots with one another; trust your own eye first.",
)


def to_page(gallery: Gallery, entries: Sequence[Entry], version: str) -> str:
    """The whole document."""
    shared = _shared_notes(entries)
    return fill(
        "page.html",
        title=gallery.style.title,
        summary=gallery.style.summary,
        css=text_of("page.css"),
        facts=_facts(gallery, entries),
        shared=_notes(shared),
        best=join(_headshot(entry, "best", shared) for entry in entries[:1]),
        others=join(_headshot(entry, "", shared) for entry in entries[1:]),
        advice=_advice(gallery.intake.coverage),
        selfies=join(_selfies(gallery.intake)),
        coverage=_coverage(gallery.intake.coverage),
        plain=join(fill("line.html", text=line) for line in _plain(gallery)),
        seconds=_pairs({stage.capitalize(): f"{s:.1f} s" for stage, s in gallery.seconds.items()}),
        version=version,
    )


def _data(jpeg: bytes) -> Markup:
    return Markup(f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}")


def _pairs(pairs: Mapping[str, object]) -> Markup:
    return join(fill("pair.html", name=name, value=value) for name, value in pairs.items())


def _facts(gallery: Gallery, entries: Sequence[Entry]) -> Markup:
    facts = {
        "headshot" if len(entries) == 1 else "headshots": len(entries),
        "candidates they were chosen from": gallery.rendered,
        "photo in use" if len(gallery.intake.selfies) == 1 else "photos in use": len(gallery.intake.selfies),
        "seconds": round(sum(gallery.seconds.values())),
    }
    return join(Markup(f"<div>{_pairs({name: value})}</div>") for name, value in facts.items())


def _shared_notes(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Notes that every headshot carries are said once."""
    first = entries[0].headshot.notes if len(entries) > 1 else ()
    return tuple(note for note in first if all(note in entry.headshot.notes for entry in entries))


def _notes(notes: Iterable[str]) -> Markup:
    return join(fill("note.html", text=note_text(note)) for note in notes)


def _headshot(entry: Entry, kind: str, shared: Sequence[str]) -> Markup:
    headshot, aspect = entry.headshot, entry.width_px / entry.height_px
    shot, likeness = headshot.shot, headshot.likeness
    look = f"{shot.backdrop.name}, {shot.light.name}".replace("-", " ")
    return fill(
        "headshot.html",
        kind=f"{kind} banner" if aspect > _WIDE else kind,
        frame=f"{aspect:.4f}",
        rank=headshot.rank,
        look=look[:1].upper() + look[1:],
        why=headshot.why,
        notes=_notes(note for note in headshot.notes if note not in shared),
        alt=f"Headshot {headshot.rank}: {shot.crop} crop, backdrop {shot.backdrop.name}, light {shot.light.name}",
        picture=entry.picture,
        preview=_data(entry.preview),
        width=entry.width_px,
        height=entry.height_px,
        bars=join([_bar("Likeness", likeness.calibrated, "likeness"), _bar("Quality", headshot.scores.total)]),
        scores=join(_bar(_label(part), score) for part, score in headshot.scores.parts.items()),
        similarity=f"{likeness.similarity:.3f}",
        source=f"{likeness.source_similarity:.3f}",
        recipe=json.dumps(entry.recipe, indent=2, ensure_ascii=False),
        recipe_name=entry.recipe_name,
    )


def _label(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()


def _bar(label: str, share: float, kind: str = "") -> Markup:
    percent = f"{100 * min(max(share, 0.0), 1.0):.0f}"
    return fill("bar.html", label=label, kind=kind, percent=percent, value=f"{share:.2f}")


def _advice(coverage: Coverage) -> Markup:
    if coverage.next_photo is None:
        return Markup("")
    return fill("advice.html", text=note_text(coverage.next_photo))


def _selfies(intake: Intake) -> Iterator[Markup]:
    pictures = {selfie.id: selfie.rgb for selfie in intake.selfies}
    for verdict in intake.verdicts:
        rgb = pictures.get(verdict.selfie_id)
        shown = Markup('<span class="missing"></span>')
        if rgb is not None:
            shown = fill("thumbnail.html", data=_data(preview(shrink(rgb, 200))), name=verdict.name)
        yield _selfie(verdict, shown)


def _selfie(verdict: Verdict, picture: Markup) -> Markup:
    return fill(
        "selfie.html",
        picture=picture,
        name=verdict.name,
        outcome=verdict.outcome.value,
        verdict=_VERDICTS[verdict.outcome],
        advice=verdict.advice,
    )


def _coverage(coverage: Coverage) -> Markup:
    groups: dict[str, Mapping[str, int]] = {
        "angles": coverage.angles,
        "light": coverage.light,
        "expression": coverage.expression,
    }
    tables = []
    for name, counts in groups.items():
        rows = (
            fill("count.html", kind="" if count else "none", name=_label(key).removeprefix("Mouth "), count=count)
            for key, count in counts.items()
        )
        tables.append(fill("counts.html", caption=_GROUPS[name], rows=join(rows)))
    return join(tables)


def _plain(gallery: Gallery) -> Iterator[str]:
    yield from _PLAIN
    yield from unmet_wishes(gallery)
    for code, count in gallery.rejected.items():
        if not count:
            continue
        candidates = "1 candidate was" if count == 1 else f"{count} candidates were"
        yield f"{candidates} held back: {note_text(code)}"
