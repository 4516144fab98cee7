"""A picture whose look is wanted: kept like a photo, and never taken for one of the person."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.cards.styles import REFERENCE, shoot_form
from bot.payloads import SelfieRef, ShootPayload, from_json, to_json
from engine.catalogue import StudioCatalogue
from engine.contract.sentences import sentence
from tests.bot.scene import ANNA, SELFIE, Scene, open_scene

pytestmark = pytest.mark.asyncio
LOOK = b"\x89PNG\r\n\x1a\n somebody else before a navy wall"


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Anna has agreed and one good photo is there."""
    async with open_scene(tmp_path) as made:
        await made.agreed()
        await made.says(ANNA, "", SELFIE)
        await made.screens()
        await made.commands(ANNA, "", form=True)
        yield made


async def _reference(scene: Scene) -> SelfieRef:
    (shoot,) = await scene.ledger.acceptance.open_shoots(ANNA)
    found = from_json(ShootPayload, shoot.order.payload).reference
    assert found is not None
    return found


async def test_the_form_asks_for_one_picture_and_needs_none() -> None:
    """Nobody has to have one."""
    blank = next(field for field in shoot_form(StudioCatalogue().styles()).fields if field.name == REFERENCE)

    assert (blank.kind, blank.most, blank.optional, blank.label) == ("photos", 1, True, "In the look of")


async def test_it_goes_along_with_the_order_and_is_no_selfie(scene: Scene) -> None:
    """It is stored under its owner's key as what it is, told in the acknowledgement, and nobody screens it."""
    shown = await scene.fills(ANNA, look=LOOK, style="legal", count="3")

    assert "3 legal headshots from 1 photo, in the look of your picture" in shown
    assert await scene.open_orders() == [("shoot", "legal")]
    kept, data = await scene.pictures.get(ANNA.key, (await _reference(scene)).artifact)
    assert (kept.kind, kept.media_type, data) == ("reference", "image/png", LOOK)
    assert "Photo 2" not in await scene.says(ANNA, "photos")


async def test_a_photo_of_oneself_as_the_look_is_a_picture_of_its_own(scene: Scene) -> None:
    """Destroying the one never destroys the other, though the bytes are the same."""
    await scene.fills(ANNA, look=SELFIE, style="legal", count="3")
    (shoot,) = await scene.ledger.acceptance.open_shoots(ANNA)
    asked = from_json(ShootPayload, shoot.order.payload)

    assert asked.reference is not None
    assert asked.reference.artifact != asked.selfies[0].artifact


async def test_without_one_the_order_is_what_it_was(scene: Scene) -> None:
    """Orders of an earlier version, which know no such picture, can be read."""
    await scene.fills(ANNA, style="legal", count="3")
    (shoot,) = await scene.ledger.acceptance.open_shoots(ANNA)
    old = {key: value for key, value in shoot.order.payload.items() if key != "reference"}

    assert from_json(ShootPayload, old).reference is None
    assert to_json(from_json(ShootPayload, old)) == shoot.order.payload


async def test_one_that_cannot_be_fetched_is_told_and_nothing_is_made(scene: Scene) -> None:
    """Headshots in another look than the wanted one help nobody."""
    shown = await scene.fills(ANNA, look=b"", style="legal", count="3")

    assert sentence("reference_unusable", advice=sentence("photo_empty")) in shown
    assert await scene.open_orders() == []


async def test_it_waits_for_consent_like_any_photo(scene: Scene) -> None:
    """Not fetched before."""
    await scene.ledger.people.withdraw_consent(ANNA)
    fetched = scene.chat.calls.count("fetch")

    await scene.fills(ANNA, look=LOOK, style="legal", count="3")

    assert scene.chat.calls.count("fetch") == fetched
    await scene.presses(ANNA, "I agree")
    assert await scene.open_orders() == [("shoot", "legal")]
    assert (await _reference(scene)).name == "your reference picture"


async def test_more_of_the_same_follows_the_same_picture(scene: Scene) -> None:
    """And keeps it as long as the photos of that shoot; when it is gone, that is said instead of shooting without it."""
    await scene.fills(ANNA, look=LOOK, style="legal", count="3")
    first = await _reference(scene)
    await scene.makes()
    await scene.presses(ANNA, "More of these")
    assert await _reference(scene) == first
    await scene.makes()

    await scene.pictures.expire(ANNA.key, first.artifact, scene.ports.now())
    assert sentence("reference_gone") in await scene.presses(ANNA, "More of these")
    assert await scene.open_orders() == []


async def test_a_variation_needs_it_no_more(scene: Scene) -> None:
    """Its look stands in the recipe."""
    await scene.fills(ANNA, look=LOOK, style="legal", count="3")
    first = await _reference(scene)
    await scene.makes()
    await scene.pictures.expire(ANNA.key, first.artifact, scene.ports.now())

    await scene.says(ANNA, "warmer")

    assert [kind for kind, _ in await scene.open_orders()] in (["variation"], [])


async def test_deleting_its_file_in_the_chat_destroys_it(scene: Scene) -> None:
    """As with any photo; the photos of the person stay."""
    await scene.fills(ANNA, look=LOOK, style="legal", count="3")
    kept = await _reference(scene)

    shown = await scene.withdraws(ANNA, kept.source)

    assert "You deleted your reference picture, so I have destroyed my copy as well." in shown
    assert await scene.pictures.find(ANNA.key, kept.artifact) is None
    assert "Photo 1" in await scene.says(ANNA, "photos")
    assert (await scene.withdraws(ANNA, kept.source)).messages == []


async def test_it_is_in_an_export_and_forgotten_with_the_rest(scene: Scene) -> None:
    """Byte for byte, under a name that says what it is."""
    await scene.fills(ANNA, look=LOOK, style="legal", count="3")
    kept = await _reference(scene)

    artifact = await scene.ports.exporting.export(ANNA)
    _, data = await scene.pictures.get(ANNA.key, artifact.id)
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        assert pack.read("reference-01.png") == LOOK
        assert kept.artifact in {each["artifact"] for each in json.loads(pack.read("files.json"))}

    await scene.says(ANNA, "forget")
    await scene.presses(ANNA, "Forget everything")
    assert await scene.pictures.find(ANNA.key, kept.artifact) is None


async def test_it_goes_when_photos_go(scene: Scene) -> None:
    """Nobody keeps somebody else's picture for longer than the sitter's own."""
    await scene.fills(ANNA, look=LOOK, style="legal", count="3")
    kept, _ = await scene.pictures.get(ANNA.key, (await _reference(scene)).artifact)

    assert abs(kept.expires_at - scene.ports.now() - scene.ports.retention.selfies) < timedelta(minutes=1)
