"""Wearing a headshot as one's profile photo: each person connects their own profile, once, and nobody else can."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from PIL import Image

from adapters.slack.installation_store import STATE_S
from adapters.slack.profile import PATH, Credentials, SlackProfiles, square
from bot.people import Person
from bot.profiles import HAVE_PROFILE_PHOTOS, ProfilePhotos
from bot.vault import of_person
from engine.contract.errors import HeadroomError, PersonError, PlatformError, RateLimited, StorageError
from tests.ports.ledger.story import HandClock
from tests.ports.vault.fake_vault import FakeVault
from tests.slack.browser import Browser, Page
from tests.slack.simulator.slack import Slack, open_slack
from tests.slack.strongroom import everything_logged, open_strongroom

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),  # slack_sdk uses it
]
ANNA, BEN, XENIA = Person("slack", "T1", "U1"), Person("slack", "T1", "U2"), Person("slack", "T9", "U9")
PUBLIC = "https://headroom.example.com/"


def headshot(width: int = 1600, height: int = 2000) -> bytes:
    """Light above, dark below, with a face of another colour where faces are, and words of a camera that nobody should see."""
    picture = Image.new("RGB", (width, height), (200, 210, 220))
    picture.paste((20, 30, 40), (0, min(width, height), width, height))
    picture.paste((190, 120, 90), (width // 2 - 50, 100, width // 2 + 50, 300))
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


@dataclass
class Studio:
    """A Slack, and profiles that can be connected."""

    slack: Slack
    vault: FakeVault
    clock: HandClock
    profiles: SlackProfiles

    async def code(self, person: Person) -> str:
        """What trying to wear a headshot ends with; "" = it is worn."""
        return (await self.tries(person))[0]

    async def tries(self, person: Person) -> tuple[str, str]:
        """The code, and the address to connect."""
        try:
            await self.profiles.wear(person, headshot())
        except HeadroomError as error:
            return error.code, str(error.facts.get("url", ""))
        return "", ""

    async def connects(self, person: Person, by: str = "") -> Page:
        """The person presses, opens the link and agrees; `by`: somebody else does instead."""
        _, url = await self.tries(person)
        return await self.opens(self.slack.person(by or person.user).approves(url))

    async def opens(self, url: str) -> Page:
        """In a browser."""
        return await Browser(self.profiles.routes()).get(url)

    def connected(self) -> list[str]:
        """Whose profiles we may change."""
        return sorted(name.split("/")[3] for name in self.vault.kept if name.endswith("/profile"))


def profiles_of(slack: Slack, vault: FakeVault, clock: HandClock) -> SlackProfiles:
    """As the app makes them."""
    return SlackProfiles(vault, clock, slack.api_url, Credentials(slack.client_id, slack.client_secret, PUBLIC))


@pytest_asyncio.fixture
async def studio() -> AsyncIterator[Studio]:
    """Nobody has connected anything."""
    async with open_slack() as slack:
        clock = HandClock()
        vault = FakeVault(clock)
        yield Studio(slack, vault, clock, profiles_of(slack, vault, clock))


async def test_a_person_connects_once_and_then_wears_headshots(studio: Studio) -> None:
    """The first press brings the link; from the second on, the photo changes."""
    profiles: ProfilePhotos = studio.profiles
    with pytest.raises(PersonError, match="profile_not_connected"):
        await profiles.wear(ANNA, headshot())
    assert (await studio.connects(ANNA)).title == "Your profile is connected"
    for _ in range(2):
        await profiles.wear(ANNA, headshot())

    with Image.open(io.BytesIO(studio.slack.world.users["U1"].photo)) as worn:
        assert (worn.format, worn.size) == ("JPEG", (1024, 1024))
    assert not studio.slack.world.users["U2"].photo
    assert studio.connected() == ["U1"]
    assert "slack" in HAVE_PROFILE_PHOTOS


async def test_slack_is_asked_for_the_profile_and_nothing_else(studio: Studio) -> None:
    """In the person's own workspace, so that the right one of several is chosen."""
    _, url = await studio.tries(ANNA)
    address = urlsplit(url)
    asked = parse_qs(address.query)
    (state,) = asked.pop("state")

    assert f"{address.scheme}://{address.netloc}{address.path}" == studio.slack.authorize_url
    assert asked == {
        "client_id": [studio.slack.client_id],
        "user_scope": ["users.profile:write"],
        "redirect_uri": [PUBLIC.rstrip("/") + PATH],
        "team": ["T1"],
    }
    assert len(state) > 40
    assert len(url) < 3000, "the most that a button of Slack's can open"


@pytest.mark.parametrize("size", [(1600, 2000), (2000, 1600), (800, 1000), (300, 400), (1024, 1024)])
async def test_the_photo_is_the_top_square_with_the_face_in_its_middle(size: tuple[int, int]) -> None:
    """Large enough for Slack and not larger than it wants, without borders, and without anything but the picture."""
    made = square(headshot(*size))
    with Image.open(io.BytesIO(made)) as photo:
        side = min(size)
        assert photo.size == ((min(max(side, 512), 1024),) * 2)
        scale = photo.width / side
        red, green, blue = photo.getpixel((photo.width // 2, round(200 * scale)))  # type: ignore[misc]
        corners = [photo.getpixel((x, y)) for x in (3, photo.width - 4) for y in (3, photo.height - 8)]

    assert abs(red - 190) + abs(green - 120) + abs(blue - 90) < 30, "the face"
    assert all(isinstance(c, tuple) and min(c) > 150 for c in corners), "nothing of what lies below the square"
    assert b"SECRET" not in made


async def test_nobody_else_can_use_a_persons_link(studio: Studio) -> None:
    """Else somebody could send theirs around, and set the photos of whoever opens it."""
    for stranger in ("U2", "U9"):
        page = await studio.connects(ANNA, by=stranger)
        assert (page.status, page.title) == (403, "Your profile was not connected")

    assert studio.connected() == []
    assert await studio.code(ANNA) == await studio.code(BEN) == "profile_not_connected"


@pytest.mark.parametrize("forgery", ["guessed", "other_person", "other_workspace", "none", "late"])
async def test_a_forged_or_late_state_is_refused_before_slack_is_asked(studio: Studio, forgery: str) -> None:
    """States name their person, and are good for ten minutes."""
    _, url = await studio.tries(ANNA)
    match forgery:
        case "guessed":
            url = url.replace("state=T1.U1.", "state=T1.U1.x")
        case "other_person":
            url = url.replace("state=T1.U1.", "state=T1.U2.")
        case "other_workspace":
            url = url.replace("state=T1.U1.", "state=T9.U1.")
        case "none":
            url = url.replace("state=T1.U1.", "nothing=")
        case _:
            studio.clock.pass_s(STATE_S)
    page = await studio.opens(studio.slack.person("U2" if forgery == "other_person" else "U1").approves(url))

    assert page.status == 401
    assert (studio.connected(), studio.slack.world.calls) == ([], [])


async def test_a_link_is_good_once(studio: Studio) -> None:
    """Whoever finds the address in a history gets nothing."""
    _, url = await studio.tries(ANNA)
    back = studio.slack.person("U1").approves(url)
    assert (await studio.opens(back)).status == 200
    calls = len(studio.slack.world.calls)

    assert (await studio.opens(back)).status == 401
    assert (await studio.opens(studio.slack.person("U1").approves(url))).status == 401
    assert len(studio.slack.world.calls) == calls
    assert studio.connected() == ["U1"]


async def test_whoever_says_no_changes_nothing(studio: Studio) -> None:
    """And may press again."""
    _, url = await studio.tries(ANNA)
    page = await studio.opens(studio.slack.person("U1").declines(url))

    assert "nothing was changed" in page.body
    assert studio.connected() == []


async def test_nothing_comes_back_of_somebody_who_was_forgotten_meanwhile(studio: Studio) -> None:
    """While Slack answers, the person has everything destroyed."""
    _, url = await studio.tries(ANNA)
    vault = Forgetful(studio.clock, studio.vault.kept)
    studio.profiles = profiles_of(studio.slack, vault, studio.clock)
    page = await studio.opens(studio.slack.person("U1").approves(url))

    assert page.status == 401
    assert vault.kept == {}


class Forgetful(FakeVault):
    """Anna is forgotten right before something of hers is taken."""

    async def take(self, name: str) -> bytes | None:
        await self.drop(of_person(ANNA))
        return await super().take(name)


@pytest.mark.parametrize("trouble", ["drop", "refuse", "no_json"])
async def test_when_slack_does_not_confirm_nothing_is_kept(studio: Studio, trouble: str) -> None:
    """The same link may be tried again while it is good."""
    match trouble:
        case "drop":
            studio.slack.habits.drop("oauth.v2.access", times=9)
        case "refuse":
            studio.slack.habits.refuse("oauth.v2.access", "invalid_code")
        case _:
            studio.slack.habits.break_down("oauth.v2.access")
    page = await studio.connects(ANNA)

    assert page.status == 403
    assert studio.connected() == []


async def test_a_scope_that_was_not_given_is_no_connection(studio: Studio) -> None:
    """It is optional; whoever leaves it out has allowed nothing."""
    _, url = await studio.tries(ANNA)
    page = await studio.opens(studio.slack.person("U1").approves(url.replace("users.profile%3Awrite", "identify")))

    assert page.status == 403
    assert studio.connected() == []


async def test_an_organisation_that_manages_photos_is_said_plainly(studio: Studio) -> None:
    """With what to do instead; the connection stays, since that may change."""
    await studio.connects(ANNA)
    studio.slack.habits.pictures_managed = True

    assert await studio.code(ANNA) == "profile_managed"
    studio.slack.habits.pictures_managed = False
    assert await studio.code(ANNA) == ""


@pytest.mark.parametrize("said", ["token_revoked", "invalid_auth", "missing_scope", "account_inactive"])
async def test_what_was_taken_back_is_dropped_and_can_be_given_again(studio: Studio, said: str) -> None:
    """The answer is a fresh link, and the useless token is gone."""
    await studio.connects(ANNA)
    studio.slack.habits.refuse("users.setPhoto", said)
    code, url = await studio.tries(ANNA)

    assert (code, studio.connected()) == ("profile_not_connected", [])
    assert (await studio.opens(studio.slack.person("U1").approves(url))).status == 200
    assert await studio.code(ANNA) == ""


async def test_what_slack_does_not_take_is_not_tried_for_ever(studio: Studio) -> None:
    """A reason that is Slack's own, or that nobody knows, ends with a way to do it oneself."""
    await studio.connects(ANNA)
    for said in ("bad_image", "too_large", "an_error_of_next_year"):
        studio.slack.habits.refuse("users.setPhoto", said)
        assert await studio.code(ANNA) == "profile_refused"


async def test_what_may_go_well_later_is_tried_again_later(studio: Studio) -> None:
    """And never by the SDK itself, which would send half a file."""
    await studio.connects(ANNA)
    studio.slack.habits.limit("users.setPhoto", retry_after_s=7)
    with pytest.raises(RateLimited) as caught:
        await studio.profiles.wear(ANNA, headshot())
    assert caught.value.retry_after_s == 7
    studio.slack.habits.refuse("users.setPhoto", "internal_error")
    studio.slack.habits.break_down("users.setPhoto")
    studio.slack.habits.lose_answer("users.setPhoto")
    for _ in range(3):
        with pytest.raises(PlatformError, match="platform_unclear"):
            await studio.profiles.wear(ANNA, headshot())

    assert [call.method for call in studio.slack.world.calls].count("users.setPhoto") == 4
    assert studio.connected() == ["U1"]


async def test_people_of_two_workspaces_wear_their_own(studio: Studio) -> None:
    """Each with their own token."""
    for person in (ANNA, XENIA):
        await studio.connects(person)
        assert await studio.code(person) == ""

    shown = [call.token[:7] for call in studio.slack.world.calls if call.method == "users.setPhoto"]
    assert shown == ["xoxp-T1", "xoxp-T9"]


async def test_where_it_is_not_set_up_it_is_not_offered() -> None:
    """No address of ours, no credentials: no link that leads nowhere."""
    clock = HandClock()
    profiles = SlackProfiles(FakeVault(clock), clock, "https://slack.com/api/", None)

    with pytest.raises(PersonError, match="profile_not_offered"):
        await profiles.wear(ANNA, headshot())
    assert profiles.routes() == {}


async def test_a_vault_that_is_away_is_said_on_the_page(studio: Studio) -> None:
    """The person may try again."""
    _, url = await studio.tries(ANNA)
    studio.profiles = profiles_of(studio.slack, Full(studio.clock, studio.vault.kept), studio.clock)
    page = await studio.opens(studio.slack.person("U1").approves(url))

    assert (page.status, "could not be written down" in page.body) == (503, True)


class Full(FakeVault):
    """A vault on a disk without room."""

    async def put(self, name: str, secret: bytes, expires_at: float | None = None) -> None:
        raise StorageError("records_full")


async def test_the_token_is_nowhere_in_the_clear_and_goes_with_its_person(tmp_path: Path) -> None:
    """Not in the database, not in the logs, not in an export; after forgetting, not even locked."""
    async with open_slack() as slack:
        with everything_logged() as logged:
            async with open_strongroom(tmp_path) as room:
                profiles = profiles_of(slack, room.vault, room.clock)  # type: ignore[arg-type]
                with pytest.raises(PersonError) as caught:
                    await profiles.wear(ANNA, headshot())
                back = slack.person("U1").approves(caught.value.facts["url"])
                await Browser(profiles.routes()).get(back)
                await profiles.wear(ANNA, headshot())
                slack.habits.refuse("users.setPhoto", "bad_image")
                with pytest.raises(PersonError, match="profile_refused"):
                    await profiles.wear(ANNA, headshot())
                token = next(t.value for t in slack.world.tokens.values() if t.kind == "user")
                export = str(await room.ledger.people.export(ANNA))
                seen = room.bytes_on_disk() + logged.getvalue().encode() + export.encode()
                kept = await room.vault.get(of_person(ANNA, "profile"))
                await room.ledger.people.forget(ANNA)
                after = await room.vault.names("person/")

    assert kept == token.encode()
    assert "person/slack/T1/U1/profile" in export, "that there is something is told"
    assert "slack_profile_connected" in logged.getvalue(), "the test has gone blind"
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert [each for each in (token, state, slack.client_secret, *slack.world.grants) if each.encode() in seen] == []
    assert b"xoxp" not in seen
    assert after == ()
