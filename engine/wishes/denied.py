"""The deny-list of wishes, as patterns over folded text (lower case, no accents) between word borders, by code of the refusal."""

from collections.abc import Mapping

HARMLESS: tuple[str, ...] = (
    r"baby[- ](?:blue|pink)",
    r"slim[- ](?:fit|cut|tie)",
    r"children'?s (?:hospital|clinic|library|books?)",
    r"gun ?metal",
    r"nude (?:tones?|colou?rs?|lip(?:stick)?)",
    r"uniform (?:background|backdrop|light(?:ing)?|colou?r|look|tone|gr[ea]y)",
    r"(?:army|military) green",
    r"marine blue",
    r"(?:light )?tan (?:background|backdrop|jacket|suit|blazer)",
    r"(?:keep|same|natural|true|accurate|real|own|faithful)(?: (?:my|the|to))* (?:skin|body|face|age|weight|figure)(?: (?:tones?|colou?r|texture))?",
)
"""Ordinary studio talk that holds a suspicious word; taken out before the deny-list is read."""

_SKIN = r"(?:skin|complexion|face|teint)(?: ?(?:tone|colou?r))?"
_LIGHTER = (
    r"(?:light(?:er|en\w*)|dark(?:er|en\w*)|whit(?:er|en\w*)|fairer|paler|browner|bleach\w*|tanned|tanner|tanning)"
)
_FEATURE = r"(?:nose|lips?|eyes?|ears?|jaw\w*|chin|face|cheek\w*|forehead|mouth|body|waist|neck|chest|bust)"
_KIN = r"(?:wife|husband|partner|girlfriend|boyfriend|mother|mum|mom|father|dad|brother|sister|boss|colleagues?|co-?workers?|friends?|neighbou?r|ex)"

DENIED: Mapping[str, tuple[str, ...]] = {
    "wish_minor": (
        r"child(?:ren|like|hood)?|kids?|minors?|toddlers?|bab(?:y|ies)|infants?|kindergart\w+",
        r"teen(?:s|age|agers?)?|preteens?|under-?aged?|lolita|loli|shota",
        r"school ?(?:girl|boy|kid|child)s?|(?:little |young |small )?(?:girl|boy)s?",
        r"(?:[1-9]|1[0-7])[- ]?(?:years?|yrs?|yo|y/o)(?! (?:younger|older|off))(?:[- ]?old)?",
        r"kinder|jugendlich\w*|enfants?|nin[oa]s?",
    ),
    "wish_nudity": (
        r"nud(?:e|es|ity|ist)|naked(?:ness)?|topless|bottomless|shirtless|unclothed|undress(?:ed|ing)?|nackt\w*|desnud\w+",
        r"bare[- ](?:chest(?:ed)?|skin|breast(?:ed|s)?|body|butt)|see[- ]?through|wet (?:t-?)?(?:shirt|look)",
        r"(?:no|without|remove|take off|strip)(?: (?:my|the|her|his|all|any))* (?:clothes|clothing|shirt|top|bra|underwear|dress|pants)",
        r"strip(?:ped|per|ping|tease)?|sex\w*|erotic\w*|porn\w*|nsfw|x-?rated|xxx|18\+|fetish\w*|bdsm|bondage|hentai|orgasm\w*|aroused|horny",
        r"lingerie|bikini|underwear|panties|thong|bra|cleavage|breasts?|boobs?|tits?|nipples?|butt(?:ocks)?|ass|genital\w*|penis|vagina",
        r"seductive(?:ly)?|sensual\w*|sultry|provocative|hot (?:body|babe|girl|chick|pose)|boudoir|playboy|onlyfans",
    ),
    "wish_hate": (
        r"nazi\w*|swastikas?|hakenkreuz|hitler\w*|third reich|ss (?:uniform|officer|symbol|runes?)|sieg heil|heil|1488|88 heil|black sun|iron cross",
        r"white (?:power|supremac\w+|pride)|kkk|klan(?:sman)?|ku klux|aryan\w*|confederate|noose|burning cross|slave",
        r"blackface|brownface|yellowface|isis|terrorists?|taliban|al[- ]?qaeda|fascis\w+|racist|nword|nigg\w+|faggot",
    ),
    "wish_weapon": (
        r"guns?|pistols?|rifles?|shotguns?|revolvers?|firearms?|weapons?|holster|ammo|ammunition|bullets?|ak-?47|ar-?15|pistole|waffen?",
        r"kn(?:ife|ives)|daggers?|swords?|machetes?|axes?|grenades?|bombs?|explosives?",
        r"blood(?:y|ied)?|gore|gory|corpse|dead body|murder\w*|kill(?:ing|er|ed)?|wounds?|suicid\w+|self[- ]harm|violen(?:t|ce)|tortur\w+",
    ),
    "wish_uniform": (
        r"police(?:man|woman|men)?|polizei|policia|cops?|sheriff|swat|fbi|cia|border patrol|customs officer|prison guard|security (?:guard|officer)",
        r"military|army|navy (?:seals?|uniform|officer)|marines?|air force|soldiers?|troops?|combat|special forces|admiral|colonel|sergeant",
        r"camo(?:uflage)?|fatigues|insignia|uniforms?|badges?|officer'?s? hat|epaulettes?",
    ),
    "wish_other_person": (
        r"celebrit\w+|celeb|(?:movie|film|pop|rock) ?stars?|super ?model|influencer'?s face|lookalike|doppelganger|impersonat\w+",
        r"famous (?:person|people|actor|actress|singer|model|man|woman|face)|(?:the|us|american|french) president|prime minister",
        r"somebody else|someone else|(?:an)?other (?:person|people|man|woman|face|guy|identity)|different (?:person|face|man|woman|identity)",
        r"face ?swap\w*|swap (?:my |the |our )?(?:faces?|heads?)|deep ?fakes?|replace (?:my|the) (?:face|head)|twin of|clone of",
        r"pretend (?:to be|i am|i'm)|(?:his|her|their|somebody's|someone's) (?:face|head|hair|eyes|nose|body)",
        r"(?:with|like|as|and|of|into|beside|next to) (?:my|his|her|their|our) " + _KIN,
        r"brad pitt|angelina jolie|tom (?:cruise|hanks|holland)|scarlett johansson|leonardo dicaprio|george clooney|emma (?:watson|stone)|ryan gosling",
        r"taylor swift|beyonce|rihanna|madonna|(?:kim )?kardashian|lady gaga|adele|drake|kanye(?: west)?|eminem|shakira|michael jackson|elvis(?: presley)?",
        r"elon musk|jeff bezos|bill gates|steve jobs|(?:mark )?zuckerberg|tim cook|warren buffett|oprah(?: winfrey)?|keanu reeves|johnny depp|will smith",
        r"(?:donald )?trump|(?:joe )?biden|(?:barack |michelle )?obama|kamala harris|hillary clinton|(?:vladimir )?putin|xi jinping|narendra modi|zelensky+",
        r"angela merkel|(?:emmanuel )?macron|boris johnson|the pope|queen elizabeth|king charles|prince (?:harry|william)|meghan markle|princess diana",
        r"(?:albert )?einstein|marilyn monroe|audrey hepburn|james bond|superman|batman|spider-?man|iron man|harry potter|darth vader",
        r"(?:cristiano )?ronaldo|(?:lionel )?messi|lebron(?: james)?|serena williams|david beckham|dwayne johnson",
    ),
    "wish_body": (
        _LIGHTER
        + r"(?: \w+)? "
        + _SKIN
        + r"|"
        + _SKIN
        + r"(?: \w+){0,2} "
        + _LIGHTER
        + r"|(?:white|fair|pale|black|brown|tan|porcelain|flawless|perfect) (?:skin|complexion)",
        r"(?:change|different|another|new|alter|fix|perfect)(?: \w+)? (?:skin|complexion|race|ethnicity|gender|sex|nationality|figure|"
        + _FEATURE
        + r")",
        r"(?:white|black|asian|european|african|latin[oa]?|arab|indian|caucasian) (?:man|woman|male|female|person|race|features)",
        r"look (?:more )?(?:white|black|asian|european|caucasian|western|male|female|masculine|feminine|manly|womanly)|gender ?swap\w*",
        r"(?:make|turn|change|transform) me (?:into |in to )?(?:an? )?(?:wo)?m[ae]n|change me",
        r"thinner|(?:look|looking|be|make me) thin|thin (?:face|body|neck|waist)|slim(?:mer|ming)?|skinn(?:y|ier)|lose (?:some )?weight|less (?:fat|weight)|fat(?:ter)?|overweight",
        r"double chin|muscular|muscles?|six ?pack|taller|v-?shaped face|high(?:er)? cheekbones|jaw ?line|body (?:type|shape)|reshape|liquify",
        r"(?:smaller|thinner|narrower|straighter|bigger|larger|fuller|plumper|rounder|wider|sharper|stronger|shorter|longer) "
        + _FEATURE,
        r"young(?:er|ish)?|youthful|(?:look|looking|appear) old|older|ag(?:e|ed|ing)|anti-?aging|years (?:off|younger|older)|de-?age",
        r"(?:in my|look|like) (?:twenties|thirties|20s?|30s?|25|30)|nose ?job|plastic surgery|facelift|botox",
        r"(?:remove|erase|hide|fewer|less|no|without|get rid of|smooth(?: out)?)(?: (?:my|the|all|some|any))* (?:wrinkles?|moles?|scars?|freckles?|birthmarks?|crow'?s feet|lines|tattoos?|vitiligo|nose)",
        r"prett(?:y|ier)|beautify|(?:more )?beautiful (?:me|face)|sexier|handsomer|more (?:handsome|beautiful)|hotter|(?:look|looking|be|make me)(?: \w+)? attractive",
        r"(?:blue|green|brown|hazel) eyes|hautfarbe|hellere haut|junger|dunner|piel mas clara|peau plus claire",
    ),
}
"""Read in this order; the first that matches names the reason."""
