"""The vocabulary of wishes, other than colours: places, light, print, crop, retouch, and what cannot be done. Data, not code."""

import re
from dataclasses import replace

from engine.wishes.wish import Wish

GROUND = r"(?:back ?grounds?|back ?drops?|bg|wall|paper|canvas|hintergrund)"
"""Words for what stands behind the sitter."""


def _wish(*edits: str, needs: str = "", phrase: str = "", **slots: object) -> Wish:
    wish = Wish(edits=edits, needs_new_pixels=(needs,) if needs else (), phrases=(phrase,) if phrase else ())
    return replace(wish, **slots)  # type: ignore[arg-type]


_LESS = r"(?:(?:(?:much|way|far|a bit|a little|slightly|somewhat) )?too|(?:much |a bit |a little |slightly )?less|not (?:so|as|that|too))"
"""Asks for the opposite of what follows."""


def _rules(*rules: tuple[str, Wish]) -> tuple[tuple[re.Pattern[str], Wish], ...]:
    return tuple((re.compile(rf"\b(?:{pattern})(?!\w)"), wish) for pattern, wish in rules)


BEFORE_COLOURS: tuple[tuple[re.Pattern[str], Wish], ...] = _rules(
    (
        rf"(?:keep |with |use )?(?:my |the )?(?:own|original|same|current|real|existing|actual) (?:{GROUND}|room|place|surroundings)|keep (?:my |the )?{GROUND}",
        _wish(place="original"),
    ),
    (rf"{_LESS} dark (?:a )?{GROUND}|{GROUND}(?: (?:is|looks|seems))? {_LESS} dark", _wish(colours=("light-grey",))),
    (
        rf"{_LESS} (?:light|bright|white) (?:a )?{GROUND}|{GROUND}(?: (?:is|looks|seems))? {_LESS} (?:light|bright|white)",
        _wish(colours=("charcoal",)),
    ),
)
"""Pattern over folded text → what it asks for, where a colour word means something else. Read before the colours."""

RULES: tuple[tuple[re.Pattern[str], Wish], ...] = _rules(
    # Places
    (
        rf"(?:in |at )?(?:a |an |the |my )?(?:modern |bright |sunny |glass |open )?(?:office|workplace|co-?working space|boardroom|meeting room)(?: {GROUND})?",
        _wish(place="office"),
    ),
    (
        rf"(?:in |at )?(?:a |an |the )?(?:outdoors?|outside|parks?|gardens?|nature|forest|woods|trees|greenery|leaves|green bokeh)(?: (?:setting|scene|{GROUND}))?",
        _wish(place="outdoors"),
    ),
    (
        rf"(?:in |at )?(?:a |an |the )?(?:city|urban|street|skyline|night|downtown|dusk)(?: (?:at night|at dusk|lights?|bokeh|scene|evening|skyline|street|{GROUND}))*",
        _wish(place="city"),
    ),
    (
        rf"(?:on |in )?(?:a |an |the )?(?:white |gr[ea]y |red |exposed |old )?(?:bricks?|loft)(?: wall)?(?: {GROUND})?",
        _wish(place="brick"),
    ),
    (
        rf"(?:in |at )?(?:a |an |the |my )?(?:law |school |university )?(?:library|book ?shel(?:f|ves)|books)(?: {GROUND})?",
        _wish(place="library"),
    ),
    (rf"studio {GROUND}", _wish(colours=("grey", "charcoal"))),
    # Depth of field
    (
        rf"(?:{_LESS} blurr?(?:ed|y)?|no blur|not blurr?(?:ed|y)|sharp(?:er)?|deep(?:er)? depth of field)(?: {GROUND})?",
        _wish("sharper"),
    ),
    (
        rf"(?:more |very |slightly |a bit )?(?:blurr?(?:ed|y|ier)?|bokeh|shallow depth of field|out of focus|creamy)(?: {GROUND})?|blur (?:my |the )?{GROUND}",
        _wish("blurred"),
    ),
    # The opposite of what is there
    (rf"{_LESS} (?:warm|yellow|orange|golden|amber)", _wish("cooler")),
    (rf"{_LESS} (?:cool|cold|blue|bluish)", _wish("warmer")),
    (rf"{_LESS} (?:dark|dim|gloomy|under-?exposed)", _wish("brighter")),
    (r"not enough light", _wish("brighter")),
    (rf"{_LESS} (?:bright|light|pale|over-?exposed|washed[- ]out)", _wish("darker")),
    (
        rf"{_LESS} (?:dramatic|moody|harsh|hard|edgy|contrasty|strong|shadowy)(?: light(?:ing)?| shadows?| contrast)?|(?:too much|less) (?:contrast|shadows?)|(?:is|looks|light(?:ing)?) (?:a bit )?harsh",
        _wish("softer"),
    ),
    (rf"{_LESS} (?:soft|flat|even|boring|dull)(?: light(?:ing)?)?", _wish("dramatic")),
    (
        rf"{_LESS} (?:close|tight|near|big|large|cropped|zoomed in)|not enough (?:space|room|shoulders)",
        _wish(crops=("wide", "two-three", "three-four")),
    ),
    (
        rf"{_LESS} (?:far away|far|wide|small|loose|distant|zoomed out)|(?:too much|less) (?:space|room|headroom)",
        _wish(crops=("tight", "square-tight")),
    ),
    # Light and print
    (
        r"(?:more |much |very |slightly |a bit )?(?:soft(?:er)?|flattering|even|gentle|diffused?|natural|window) (?:light(?:ing)?|daylight|shadows?)|(?:day ?light|less contrast|less dramatic|fewer shadows|softer)",
        _wish("softer"),
    ),
    (
        r"(?:more |very )?(?:dramatic|moody|cinematic|rembrandt|low[- ]key|edgy|contrasty|sculpted)(?: light(?:ing)?| shadows?| mood| look)?|(?:more|high|strong) contrast|deeper shadows",
        _wish("dramatic"),
    ),
    (
        r"(?:more |much |very |slightly |a bit )?(?:warm(?:er|th)?|golden(?: hour)?|sunset|cosy|cozy)(?: (?:light(?:ing)?|tones?|colou?rs?|look|mood|feel(?:ing)?))?",
        _wish("warmer"),
    ),
    (
        r"(?:more |much |very |slightly |a bit )?(?:cooler|colder|cool|cold|bluish|less warm|less yellow)(?: (?:light(?:ing)?|tones?|colou?rs?|look|mood|feel(?:ing)?))?",
        _wish("cooler"),
    ),
    (
        r"(?:more |much |very |slightly |a bit )?(?:bright(?:er)?|lighter|airy|airier|high[- ]key|less dark)(?: (?:light(?:ing)?|photo|picture|image|look|exposure))?",
        _wish("brighter"),
    ),
    (
        r"(?:more |much |slightly |a bit )?(?:darker|less bright)(?: (?:light(?:ing)?|photo|picture|image|look|mood|exposure))?",
        _wish("darker"),
    ),
    (r"(?:in|full|with|back to) colou?r|colou?r (?:version|print)|not black and white", _wish("colour")),
    (
        r"black (?:and|&|n|'n'|\+) white|black-and-white|b ?(?:&|/|and) ?w|bw|monochrome|greyscale|grayscale",
        _wish("black-and-white"),
    ),
    # Crop
    (
        r"(?:more |much |slightly |a bit )?(?:tight(?:er)?|close(?:r)?(?:[- ]?ups?)?|zoom(?:ed)? in|face only|only (?:my )?face)(?: (?:crop|framing|frame|shot))?",
        _wish(crops=("tight", "square-tight")),
    ),
    (
        r"(?:more |much |slightly |a bit )?(?:wide(?:r)?|looser?|zoom(?:ed)? out|further away|half[- ]body|waist[- ]up)(?: (?:crop|framing|frame|shot))?|(?:more|show|with|include)(?: my| the)? (?:shoulders|headroom|space(?: above)?)",
        _wish(crops=("wide", "two-three", "three-four")),
    ),
    (
        r"square(?: (?:crop|format|frame))?|1:1|(?:profile|linkedin) (?:crop|size)",
        _wish(crops=("square", "square-tight")),
    ),
    (r"(?:a )?(?:banner|header|cover)(?: (?:crop|format|image|size))?", _wish(crops=("banner",))),
    (r"4:5|portrait format", _wish(crops=("classic", "tight"))),
    # Retouch
    (
        r"(?:no|less|minimal|light|without(?: any)?) retouch(?:ing)?|unretouched|(?:keep|same|natural|true|accurate|real)(?: (?:my|the|to))* (?:skin(?: (?:texture|tones?|colou?r))?|wrinkles|freckles|moles|scars|lines|pores)|faithful",
        _wish(polish=0.1),
    ),
    (
        r"(?:more |a bit more )?(?:polished|retouch(?:ed|ing)?|glamour|beauty retouch)|(?:remove|hide|fewer|less|no)(?: my| the| any)? (?:pimples?|spots?|blemish(?:es)?|acne|shine|stray hairs?)",
        _wish(polish=0.7),
    ),
    # What needs new pixels
    (
        r"(?:a |my |more |big |bigger |natural |slight |warm |friendly |gentle |subtle )*(?:smil(?:e|es|ing)|laugh(?:ing)?|grin(?:ning)?)",
        _wish(needs="wish_unmet_expression", phrase="natural smile"),
    ),
    (
        r"(?:no smile|not smiling|serious|neutral expression|stern)(?: (?:look|face|expression))?",
        _wish(needs="wish_unmet_expression", phrase="calm neutral expression"),
    ),
    (
        r"(?:more )?(?:confident|friendly|friendlier|approachable|relaxed|trustworthy)(?: (?:look|face|expression))?",
        _wish(needs="wish_unmet_expression", phrase="confident, friendly expression"),
    ),
    (
        r"look(?:ing)? (?:at|into|straight at|to)(?: the)? camera|eye contact|eyes open",
        _wish(needs="wish_unmet_gaze", phrase="eyes to the camera"),
    ),
    (
        r"look(?:ing)? (?:away|left|right|up|down|to the (?:side|left|right))|eyes closed",
        _wish(needs="wish_unmet_gaze", phrase="gaze off camera"),
    ),
    (
        r"(?:with )?(?:my |crossed )?(?:arms (?:crossed|folded)|crossed arms|folded arms|hands? (?:on|in|under)(?: my| the)? \w+|standing|sitting|leaning|turned?(?: slightly)?(?: to the (?:left|right|side))?|three[- ]quarter view|in profile|side profile|power pose|different pose|pose)",
        _wish(needs="wish_unmet_pose", phrase="shoulders slightly turned"),
    ),
    (r"(?:no|less|without|remove)(?: \w+)? (?:glare|reflections?)", _wish(needs="wish_unmet_glasses")),
    (
        r"(?:no|without|remove|take off)(?: my| the)? (?:eye)?glasses|glasses off",
        _wish(needs="wish_unmet_glasses", phrase="without glasses"),
    ),
    (
        r"(?:with|wear(?:ing)?|add)(?: my| some)? (?:eye)?glasses",
        _wish(needs="wish_unmet_glasses", phrase="wearing glasses"),
    ),
    (
        r"(?:with |in |wear(?:ing)? )?(?:an? |my )?(?:formal |dark |smart |business |doctor'?s |black |red |striped |lab |white )*(?:suit(?: and tie)?|ties?|neckties?|bow ?tie|blazers?|jackets?|shirts?|blouses?|turtlenecks?|sweaters?|jumpers?|dress|hoodies?|scrubs|lab ?coats?|stethoscope|hats?|caps?|headscarf|hijab|turban|necklace|earrings|jewell?ery|watch|business casual|smart casual|formal (?:wear|attire|clothes)|different clothes)",
        _wish(needs="wish_unmet_clothes", phrase="smart business clothes"),
    ),
    # What no renderer does
    (
        r"(?:neat(?:er)?|tidy|tidier|longer|shorter|more|less|blonde?|darker|grey|no grey|different|new|straight|curly|styled)(?: \w+)? (?:hair(?:style|cut|do)?|beard|moustache)|hair ?(?:cut|style|do)|shave[nd]?|no beard|bald",
        _wish(unmet=("wish_unmet_hair",)),
    ),
    (
        r"(?:whiter|white|straight(?:er)?|perfect|better) teeth|make-?up|lipstick|mascara|eyeliner|contact lenses",
        _wish(unmet=("wish_unmet_face",)),
    ),
    (
        r"(?:with |add |put )?(?:an? |our |my |the |company )*(?:logos?|text|caption|name ?tags?|slogan|watermark|writing|flag)",
        _wish(unmet=("wish_unmet_logo",)),
    ),
)
"""Pattern over folded text → what it asks for. Read from the top; what matched is not read again."""

_FILLER = """
a an and any are as at be behind better bit business but by can clean classic clear colour color corporate could crisp crop cropped do
elegant feel feeling for frame from give good great hd headshot headshots fit formal high i i'd i'm im image images in
into is it it's just kind like linkedin little look looking looks lot make maybe me modern more my natural
naturally nice of on one ones only or our picture pictures plain photo photos photograph please pls portrait
professional professionally profile quality really s she shot shots shoulders simple slim slightly so some
something somewhat style stylish t than thanks that the them then there these thing this to too touch tone tones
try use using very want wanted way we well with without would you your keep light lighting background backdrop mood
clothes not no also all over
"""

FILLER = frozenset(_FILLER.split())
"""Words that ask for nothing by themselves."""
