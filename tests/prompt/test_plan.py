"""Stage 4: which pictures are planned."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from engine.contract.errors import PersonError
from engine.contract.shots import ShootRequest, Shot
from engine.contract.styles import Backdrop
from engine.planning.shot_ids import shot_id
from engine.stages.prompt import plan
from engine.stages.style import find_style, packaged_styles
from tests.prompt.sitters import DIFFUSION, STUDIO, appearance, selfie


def shoot(style: str = "corporate", *selfies: object, **wanted: object) -> tuple[Shot, ...]:
    """Plan of a shoot on the studio renderer."""
    return plan(find_style(style), selfies or (selfie(),), ShootRequest(photos=(), **wanted), STUDIO)  # type: ignore[arg-type]


def used(shots: tuple[Shot, ...], part: str) -> Counter[str]:
    """How often each value of a field comes up."""
    return Counter(getattr(value, "name", value) for value in (getattr(shot, part) for shot in shots))


@pytest.mark.parametrize(
    ("count", "candidates", "planned"), [(1, None, 20), (12, None, 24), (80, None, 100), (12, 40, 40)]
)
def test_twice_the_count_is_planned_within_20_and_100(count: int, candidates: int | None, planned: int) -> None:
    """The ranking has enough to choose from, and nobody waits for a thousand pictures."""
    assert len(shoot(count=count, candidates=candidates)) == planned


@pytest.mark.parametrize("wrong", [{"count": 0}, {"count": 101}, {"candidates": 0}, {"candidates": 101}])
def test_numbers_out_of_range_are_a_mistake_of_ours(wrong: dict[str, int]) -> None:
    """The border checks what people type; a wrong call inside is a ValueError."""
    with pytest.raises(ValueError, match="must be 1 to 100"):
        shoot(**wrong)
    with pytest.raises(ValueError, match="needs a selfie"):
        plan(find_style("corporate"), (), ShootRequest(photos=()), STUDIO)


@pytest.mark.parametrize("style", [style.name for style in packaged_styles()])
def test_a_gallery_of_twelve_shows_all_that_a_style_has(style: str) -> None:
    """Twelve pictures of one shoot are varied: each crop, light, backdrop and grade comes up, none in more than half."""
    known, first = find_style(style), shoot(style, count=12)[:12]

    for part, values in (("light", known.lights), ("backdrop", known.backdrops), ("grade", known.grades)):
        found = used(first, part)
        assert set(found) == {value.name for value in values}, part  # type: ignore[attr-defined]
        assert max(found.values()) <= 6, part
    assert set(used(first, "crop")) == set(known.crops)


def test_no_picture_is_planned_twice() -> None:
    """Work is never spent on the same picture again while another one is left."""
    shots = shoot(count=50)

    assert len({(s.crop, s.light.name, s.backdrop.name, s.grade.name) for s in shots}) == len(shots) == 100
    assert len({shot.id for shot in shots}) == len({shot.seed for shot in shots}) == 100


def test_a_style_with_one_look_still_gives_enough_candidates() -> None:
    """A company may lock everything; the seed then still varies the painted backdrop."""
    corporate = find_style("corporate")
    locked = replace(
        corporate,
        lights=corporate.lights[:1],
        backdrops=corporate.backdrops[:1],
        grades=corporate.grades[:1],
        crops=("classic",),
    )

    shots = plan(locked, (selfie(),), ShootRequest(photos=()), STUDIO)

    assert len({shot.id for shot in shots}) == 24


@pytest.mark.parametrize("style", [style.name for style in packaged_styles()])
def test_neighbours_in_the_plan_differ(style: str) -> None:
    """Who watches the pictures come in sees variety from the first minute: crop or backdrop change nearly every time."""
    shots = shoot(style, count=12)

    for part in ("crop", "backdrop"):
        assert sum(getattr(a, part) == getattr(b, part) for a, b in pairwise(shots)) <= 2
    assert all((a.crop, a.backdrop) != (b.crop, b.backdrop) for a, b in pairwise(shots))


def test_pairs_are_spread_as_evenly_as_single_values() -> None:
    """A backdrop is not always lit the same way: no pair comes more than twice above its share."""
    style, shots = find_style("corporate"), shoot(count=50)
    pairs = Counter((shot.light.name, shot.backdrop.name) for shot in shots)

    for (light, backdrop), times in pairs.items():
        share = used(shots, "light")[light] * used(shots, "backdrop")[backdrop] / len(shots)
        assert abs(times - share) < 2, (light, backdrop)
    assert len(pairs) == len(style.lights) * len(style.backdrops)


def test_the_first_picture_is_the_photographers_first_choice() -> None:
    """Whoever looks at one picture only sees the style at its best."""
    style, best = find_style("corporate"), shoot("corporate", selfie("poor", 0.3), selfie("good", 0.9))[0]

    assert (best.selfie_id, best.crop, best.light) == ("good", style.crops[0], style.lights[0])
    assert (best.backdrop, best.grade, best.preference) == (style.backdrops[0], style.grades[0], 1.0)


def test_preference_falls_with_distance_from_the_first_choices() -> None:
    """The ranking can tell what the photographer would have tried first."""
    style, shots = find_style("corporate"), shoot(count=50)

    def distance(shot: Shot) -> int:
        return (
            style.crops.index(shot.crop)
            + style.lights.index(shot.light)
            + style.backdrops.index(shot.backdrop)
            + style.grades.index(shot.grade)
        )

    by_distance = {d: [s.preference for s in shots if distance(s) == d] for d in range(12)}
    means = [sum(values) / len(values) for values in by_distance.values() if values]
    assert means == sorted(means, reverse=True)
    assert all(0 < shot.preference <= 1 for shot in shots)


def test_better_selfies_are_used_more_often() -> None:
    """The sharp photo carries the gallery, the poor one only adds to it."""
    times = used(
        shoot("corporate", selfie("good", 0.95), selfie("fair", 0.7), selfie("poor", 0.4), count=30), "selfie_id"
    )

    assert times["good"] > times["fair"] > times["poor"] > 0


def test_hard_side_light_gets_lights_that_go_along_with_it() -> None:
    """A shadow on one cheek looks meant under a shaped light and wrong under a flat one."""
    ratio = [
        sum(s.light.ratio for s in shoot("corporate", face))
        for face in (selfie("even"), selfie("side", 0.8, "side_light"))
    ]

    assert ratio[1] > ratio[0]


def test_hard_side_light_is_used_less_where_a_style_wants_even_light() -> None:
    """Of two equal selfies, the evenly lit one carries a corporate shoot; in a dark one they share it."""
    sitting = (selfie("even"), selfie("side", 0.8, "side_light"))

    assert (
        used(shoot("corporate", *sitting), "selfie_id")["side"]
        < used(shoot("executive-dark", *sitting), "selfie_id")["side"]
    )


@pytest.mark.parametrize(
    ("finding", "crops"),
    [
        ("hair_cut_off", {"tight"}),
        ("shoulders_missing", {"tight", "square"}),
        ("face_small", {"classic", "square", "tight", "three-four", "wide"}),
    ],
)
def test_what_a_photo_lacks_is_cropped_away(finding: str, crops: set[str]) -> None:
    """A cut head or shoulder never stands in a wide frame; a face that is merely small may."""
    assert set(used(shoot("corporate", selfie("cut", 0.8, finding)), "crop")) == crops


def test_a_crop_that_was_asked_for_stays() -> None:
    """The person decides, whatever the photo lacks."""
    assert set(used(shoot("corporate", selfie("cut", 0.8, "hair_cut_off"), crops=("wide",)), "crop")) == {"wide"}


def test_a_black_and_white_selfie_is_printed_black_and_white() -> None:
    """A grey face before a blue wall looks pasted."""
    shots = shoot("navy", selfie(looks=appearance(monochrome=True)))

    assert all(shot.grade.monochrome for shot in shots)


def test_own_backdrop_tone_and_crops_replace_those_of_the_style() -> None:
    """A brand colour stands behind every picture of a company."""
    brand = Backdrop("brand", "gradient", ("#0a3d62", "#051c2e"))
    shots = shoot(backdrop=brand, wardrobe="navy", crops=("square",), wish="white background, blurred")

    assert {(s.backdrop, s.wardrobe, s.crop) for s in shots} == {(brand, "navy", "square")}


@pytest.mark.parametrize(
    ("wish", "holds"),
    [
        ("white background", lambda s: s.backdrop.colours[0] == "#fbfbfb"),
        ("background #1a73e8", lambda s: s.backdrop.colours[0] == "#1a73e8"),
        ("in an office", lambda s: s.backdrop.kind == "office"),
        ("my own background", lambda s: s.backdrop.kind == "original"),
        ("black and white", lambda s: s.grade.monochrome),
        ("warmer", lambda s: s.grade.warmth >= 1.5),
        ("cooler", lambda s: s.grade.warmth < 0),
        ("brighter", lambda s: s.grade.exposure_ev >= 0.1),
        ("tighter crop", lambda s: s.crop in {"tight", "square-tight"}),
        ("square", lambda s: s.crop in {"square", "square-tight"}),
        ("charcoal suit", lambda s: s.wardrobe == "charcoal"),
        ("keep my freckles", lambda s: s.polish == 0.1),
        ("more polished", lambda s: s.polish == 0.7),
    ],
)
def test_a_wish_that_the_studio_can_fulfil_is_in_every_picture(wish: str, holds: object) -> None:
    """Somebody who asks for white does not get a gallery of greys."""
    shots = shoot(wish=wish)

    assert all(holds(shot) for shot in shots)  # type: ignore[operator]
    assert {code for s in shots for code in s.prompt.unmet} <= {"wish_tone_only"}


def test_softer_and_dramatic_change_light_and_print() -> None:
    """Words about mood move the lamps, not only the words of a prompt."""
    plain, soft, dramatic = (shoot(wish=wish)[0] for wish in ("", "softer light", "dramatic"))

    assert soft.light.ratio < plain.light.ratio < dramatic.light.ratio
    assert soft.grade.contrast < plain.grade.contrast < dramatic.grade.contrast


def test_what_needs_new_pixels_is_unmet_in_the_studio_only() -> None:
    """The studio says what it cannot do; a generative renderer is asked for it."""
    request = ShootRequest(photos=(), wish="big smile, arms crossed, no glasses")
    studio, diffusion = (
        plan(find_style("corporate"), (selfie(),), request, card)[0].prompt for card in (STUDIO, DIFFUSION)
    )

    assert studio.unmet == ("wish_unmet_expression", "wish_unmet_pose", "wish_unmet_glasses")
    assert diffusion.unmet == ()
    assert "natural smile" in diffusion.subject


def test_a_refused_wish_stops_the_plan() -> None:
    """Nothing is rendered for a wish that no shoot may fulfil."""
    with pytest.raises(PersonError) as refused:
        shoot(wish="lighter skin please")
    assert refused.value.code == "wish_body"


def test_the_same_request_gives_the_same_plan_and_the_order_of_selfies_does_not_matter() -> None:
    """A shoot can be repeated."""
    sitting = [selfie("a", 0.9), selfie("b", 0.7), selfie("c", 0.7, "side_light")]

    assert shoot("creative", *sitting, seed=3) == shoot("creative", *reversed(sitting), seed=3)


def test_another_seed_gives_another_choice_as_evenly_spread() -> None:
    """Somebody who wants to see more gets other pictures of the same style."""
    first, second = shoot(seed=0), shoot(seed=1)

    assert not {shot.id for shot in first} & {shot.id for shot in second}
    assert [s.light.name for s in first] != [s.light.name for s in second]
    assert set(used(second[:12], "backdrop")) == {backdrop.name for backdrop in find_style("corporate").backdrops}


def test_ids_and_seeds_do_not_hang_on_the_process() -> None:
    """Python salts its hashes anew in every process; a recipe must outlive that."""
    code = "from tests.prompt.test_plan import shoot\nprint([(s.id, s.seed) for s in shoot(count=3)])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7"},
    )

    assert done.stdout.strip() == str([(shot.id, shot.seed) for shot in shoot(count=3)])


def test_an_id_belongs_to_every_field() -> None:
    """Two different pictures never share an id, and equal numbers written differently do."""
    shot = shoot()[0]

    assert shot.id == shot_id(shot)
    for changed in (
        replace(shot, polish=0.5),
        replace(shot, seed=1),
        replace(shot, light=replace(shot.light, fill=0.31)),
        replace(shot, parent="x"),
    ):
        assert shot_id(changed) != shot.id
    assert shot_id(replace(shot, light=replace(shot.light, key_azimuth_deg=40))) == shot.id  # 40 and 40.0


def test_half_a_hundred_candidates_of_ten_selfies_are_planned_in_a_blink() -> None:
    """Planning is never what a person waits for: its cost does not explode with selfies and choices."""
    sitting = [selfie(f"{n}", 0.5 + n / 25, *(["side_light"] if n % 3 == 0 else [])) for n in range(10)]

    assert len(shoot("corporate", *sitting, count=25)) == 50
