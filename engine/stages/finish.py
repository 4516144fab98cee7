"""Stage 6, Finish: the chosen headshots at full size."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from engine.contract.ports import OnStep, Renderer, Sitting, Step, Upscaler
from engine.contract.shots import Headshot


def unfinished(chosen: Sequence[Headshot], kept: Mapping[int, str]) -> tuple[Headshot, ...]:
    """What an earlier start has not finished. `kept` is rank → shot id; the others take the ranks that are left, in their order.

    The same request chooses the same headshots, so that each keeps its rank. Should another machine choose a little differently,
    the gallery still has no picture twice and no rank twice.
    """
    free = (rank for rank in count(1) if rank not in kept)
    ids = frozenset(kept.values())
    waiting = [headshot for headshot in chosen if headshot.shot.id not in ids][: max(0, len(chosen) - len(kept))]
    return tuple(replace(headshot, rank=rank) for headshot, rank in zip(waiting, free, strict=False))


def finish(
    chosen: Sequence[Headshot],
    renderer: Renderer,
    sitting: Sitting,
    upscaler: Upscaler,
    height_px: int,
    on_step: OnStep,
) -> Iterator[Headshot]:
    """The headshots in order of rank, each as soon as it is ready.

    A renderer that is free of resolution prints the shot again from the photo; the pictures of others are enlarged.
    """
    on_step(Step("finish", 0, len(chosen)))
    if not chosen:
        return
    if renderer.card.resolution_free:
        yield from _printed(chosen, renderer, sitting, height_px, on_step)
        return
    for done, headshot in enumerate(chosen, 1):
        yield replace(headshot, rgb=upscaler.upscale(headshot.rgb, height_px))
        on_step(Step("finish", done, len(chosen)))


def _printed(
    chosen: Sequence[Headshot], renderer: Renderer, sitting: Sitting, height_px: int, on_step: OnStep
) -> Iterator[Headshot]:
    def step(made: Step) -> None:
        on_step(Step("finish", made.done, made.total))

    waiting = list(chosen)
    for master in renderer.render(sitting, [headshot.shot for headshot in chosen], height_px, step):
        while waiting[0].shot.id != master.shot.id:  # its master did not pass the guard that its proof had passed
            waiting.pop(0)
        headshot = waiting.pop(0)
        likeness = replace(headshot.likeness, source_similarity=master.source_similarity)
        notes = tuple(dict.fromkeys((*master.notes, *headshot.notes)))
        yield replace(headshot, rgb=master.rgb, likeness=likeness, notes=notes)
