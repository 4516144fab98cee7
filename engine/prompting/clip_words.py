"""Tokens of the words of a photo studio in CLIP's published vocabulary (OpenAI, MIT licence). See `tokens`."""

from collections.abc import Mapping

_ONE = """
    a academic accountant actor agent airy ambient an analog and anime annual apron architect artifacts artificial
    artist as assured at attire attorney audience author award back backdrop background balanced banker beach beard
    beauty before behind beige beside black blacks blazer blazers blond blonde blood blouse blue blur blurred blurry
    boardroom bold books border brand brick bright broad brown brunette burgundy business bust busy butterfly by
    cafe calm camera campus candid canon canvas cap cardigan cartoon cast casual cgi chambers charcoal checked chef
    chest cinematic city classic classical classroom clean clinic clinical close clothes clothing coat coats coffee
    cold collar color colors colour colours commanding company composed concrete conference confident consultant
    contrast cool corporate corridor cosy cotton court cover cream creamy creative crisp cropped crossed curious cut
    dark dawn daylight deep denim depth designer desk detail detailed details developer digital direct directional
    director dish doctor doll double dramatic drawing dress dressed dresses dslr dusk earrings easy editor editorial
    elegant engaged engineer estate even evening everyday executive exposed exposure expression extra eye eyes f
    face facing factory fake far fashion fashioned field fill film fine fingers flash flat fluorescent focus focused
    foliage for forest formal format founder frame fresh friendly from front fujifilm full gallery garden gaze
    gentle glare glass glasses glossy glow going gold golden graded gradient grading grain gray green grey grin hair
    hall hands hard harsh hat head headshot healthcare heavy hi high highlight highlights hijab home hopeful
    hospital hotel hour house illustration image in indoor interior into inviting is iso ivory jacket jackets
    journalist jumper jumpers key kind kitchen knit knitted kodak lab laboratory lamp lamps lapel lavender lawyer
    leather leaves leica lens less library light lighting lights like lilac limbs linen lit lively living lobby loft
    logo look looking loop lounge low magazine manager mannequin marble matte medium meeting messy microphone midday
    midnight minimal minimalist mint mirror mm modern monochrome moody more morning moustache museum musician
    mustache mustard muted natural nature navy neat necklace neon neutral night nikon no noise noisy not nurse of
    off office old olive on one open optimistic or orange out outdoor outdoors outfit over own painted painting pale
    palette paper park pastel patterned people performer person phone photo photograph photographer photographic
    photography picture pink place plain plant plants plaster plastic point polished polo portrait portraits pose
    posture presence present prime professional professor profile purple quality range raw real realism realistic
    realtor red refined reflection reflections relaxed rembrandt render report res researcher resolution restaurant
    rich rim room rose sage sand scarf school scientist scrubs seamless self selfie serious shade shadow shadows
    shallow sharp shelf shelves shirt shirts shop short shot shoulders side signature silk silver simple skin sky
    skyline slightly smart smile smiling smooth snapshot sober soft softly sony speaker split stage steel stock
    stone street striped studio study subtle suit suits sun sunlight sunny sunrise sunset surroundings sweater
    sweaters tailored tan teacher teal team tech tees terracotta text texture textured than the theater theatre
    theatrical thoughtful three tie tilt timeless to tone toned tones top tops tree trees true trustworthy turban
    turned turquoise tweed ugly umbrella under uniform university up urban very vest vintage violet waist wall
    warehouse warm watch wear wearing welcoming wet white wide window winning with without wood wooden wool
    workplace workshop writer yellow
"""
_TWO = """
    airbrushed aperture approachable artefacts asymmetric attentive backdrops backlit blouses bokeh bookshelves
    catchlight catchlights characterful clamshell cluttered deformed diffuse diffused dignified disfigured distorted
    duplicate eyeglasses grainy hasselblad headshots jpeg knitwear lowres mirrorless muslin ochre photorealistic
    polos portra pullovers readable reflector retouch sepia sharpness softbox spectacles squinting stubble telephoto
    tilted tonal waistcoat watermark waxy
"""
_THREE = """
    lifelike overexposed oversaturated syringe turtleneck underexposed
"""

TOKENS_OF: Mapping[str, int] = {
    word: tokens for tokens, words in enumerate((_ONE, _TWO, _THREE), start=1) for word in words.split()
}
"""Word → number of tokens."""
