"""A screening: the verdicts on new selfies, seen against those of the sitting so far."""

from contextlib import aclosing
from datetime import timedelta
from typing import Final

from bot.payloads import ScreeningPayload, SelfieRef, SelfieVerdict, VerdictEnding, from_json, to_json
from bot.shoots import Ending, ShootState
from engine.child.events import Checked, Stepped, Stopped
from engine.child.process import EngineChild
from engine.contract.errors import PersonError
from engine.contract.selfies import Verdict
from engine.intake.coverage import angle
from engine.worker.hold import Hold
from engine.worker.parts import Made, Parts
from engine.worker.reporter import Reporter
from engine.worker.selfies import expire, fetched

_SOON: Final = timedelta(minutes=10)
"""A refused selfie is destroyed when its verdict is written; should we be killed in between, it goes by itself."""


async def screen(child: EngineChild, hold: Hold, reporter: Reporter, parts: Parts) -> Made | None:
    """The ending; None when the engine was told to stop before. Raises what the engine raises, PersonError and NotNow."""
    person = hold.lease.order.person
    payload = from_json(ScreeningPayload, hold.lease.order.payload)
    earlier = await fetched(parts, person, payload.earlier)
    new = await fetched(parts, person, payload.new)
    if not new:
        raise PersonError("selfies_gone")
    checked: Checked | None = None
    async with aclosing(child.check([photo for _, photo in (*earlier, *new)])) as events:  # type: ignore[type-var]
        async for event in events:
            match event:
                case Stepped(step):
                    reporter.step(step)
                case Checked():
                    checked = event
                case Stopped():
                    return None
    assert checked is not None, "the engine ends with Checked or Stopped, or raises"
    verdicts = checked.verdicts[len(earlier) :]
    told = tuple(_told(ref, verdict) for (ref, _), verdict in zip(new, verdicts, strict=True))
    refused = _refused(told, payload.earlier)
    for artifact in refused:
        await expire(parts, person, artifact, parts.now() + _SOON)
    ending = VerdictEnding(told, checked.coverage.next_photo)
    return Made(Ending(ShootState.FINISHED, to_json(ending)), refused)


def _told(ref: SelfieRef, verdict: Verdict) -> SelfieVerdict:
    code = verdict.findings[0].code if verdict.findings else f"accepted_{angle(verdict.measures)}"
    return SelfieVerdict(ref.artifact, ref.name, verdict.selfie_id, verdict.outcome.value, code, verdict.advice)


def _refused(told: tuple[SelfieVerdict, ...], earlier: tuple[SelfieRef, ...]) -> tuple[str, ...]:
    """The same photo again is refused, too, but it is the same picture in the store as the first one, which stays."""
    kept = {ref.artifact for ref in earlier} | {one.artifact for one in told if one.outcome != "refused"}
    gone = [one.artifact for one in told if one.outcome == "refused" and one.artifact not in kept]
    return tuple(dict.fromkeys(gone))
