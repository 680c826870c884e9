"""The words that give away which topics a prompt touches.

The lists are conservative: a word is in one of them only if it hardly ever means anything else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.domain.advice.words import words

TOPICS: Final[Mapping[str, re.Pattern[str]]] = {
    "death": words(
        r"funerals?|ashes|eulog(?:y|ies)|widow(?:er)?|coffin|(?:has|have|had) died|is dying|burial|mourning",
        r"(?:the|a|her|his|their) will (?:is|was|says|leaves|names)|cut out of the will|obituary",
    ),
    "illness": words(
        r"hospitals?|hospice|cancer|tumou?r|surgery|(?:being|be) operated on|transplant|chemotherapy|diagnosis",
        r"(?:wrong|higher|double) dose|kidney|intensive care|stroke",
    ),
    "dementia": words(r"dementia|alzheimer\w*|(?:cannot|can't|can no longer) remember|losing (?:his|her|their) memory"),
    "mental-health": words(
        r"depress(?:ed|ion)|panic attacks?|burn-?out|therap(?:y|ist)|breakdown|not left (?:the|their) bed"
    ),
    "suicide": words(r"suicid\w+|self-harm|kill(?:ed)? (?:himself|herself|themselves|yourself)|overdose"),
    "accident": words(
        r"(?:crash|crashed|collision|ran aground|avalanche|shipwreck|injur(?:y|ies|ed)|trapped)",
        r"(?:lift|elevator) (?:has |is )?(?:stopped|stuck)|stuck in (?:a|the) (?:lift|elevator)|distress calls?",
    ),
    "disaster": words(
        r"flood(?:s|ed|ing)?|earthquake|wildfire|hurricane|evacuat\w+|(?:drips?|comes|coming|pours?) through the",
        r"top of the (?:dyke|levee)",
    ),
    "violence": words(r"guns?|knife|stabbed|shot|robb(?:ed|ery)|punched|beaten up|at gunpoint"),
    "abuse": words(r"abus(?:e|ed|ive)|hits? (?:her|him|them)|bull(?:y|ied|ying)|wrote the other's name"),
    "war": words(r"war|soldiers?|bomb(?:s|ed|ing)?|refugees?|front line|peace (?:conference|talks)|shelling|ceasefire"),
    "migration": words(
        r"asylum|refugees?|residence permit|(?:visa|papers) came|first day in this country|deport\w+|visa"
    ),
    "police-and-prison": words(
        r"police|prison|arrest(?:ed)?|jury|verdict|convict(?:ed|ion)|on trial|parole|in court|smuggl\w+|forger\w*",
        r"on the way to a hearing|inquiry",
    ),
    "discrimination": words(
        r"racis[mt]|sexis[mt]|homophob\w+|slurs?|because of (?:her|his|their) (?:skin|accent|faith)"
    ),
    "politics": words(
        r"elections?|elected|protests?|parliament|on strike|the strike|picket|party leader|mayor|campaign"
    ),
    "religion": words(r"abbess|convent|priests?|imam|rabbi|vicar|chaplain|lost (?:her|his|their) faith|chapel"),
    "family-conflict": words(
        r"estranged|custody|disinherited|not spoken (?:to|with) (?:her|his|their) (?:own )?(?:\w+) (?:for|in|since)",
        r"cut out of the will|left a whole family",
    ),
    "breakup": words(
        r"divorc\w+|(?:an|the|her|his) affair|ex-(?:wife|husband|partner)|broke up|break-?up",
        r"(?:my|your|her|his|their|an) ex",
    ),
    "pregnancy": words(r"pregnan\w+|maternity|midwi(?:fe|ves)|gave birth|giving birth|miscarr\w+|newborn|due date"),
    "missing-people": words(r"missing (?:person|child|girl|boy|brother|sister)|disappeared|vanished|went missing"),
    "money-trouble": words(
        r"in debt|debts?|bailiffs?|evict\w+|bankrupt\w*|pawn(?:ed|shop)|repossess\w*|cannot pay|next month's rent",
        r"(?:has|have) no money|out of money|gambl\w+|without a home",
    ),
    "dismissal": words(
        r"fired|sacked|laid off|redundan\w+|was let go|(?:of|on|worked|working) (?:their|his|her|your) notice",
        r"clos(?:es|ing) (?:for good|down)|close a department|(?:lost|losing) (?:his|her|their|your) jobs?",
    ),
    "alcohol-and-drugs": words(r"drunk|sober|relapse|rehab|doping|in recovery|hungover|addict(?:ed|ion)?|overdose"),
    "body-and-weight": words(
        r"overweight|on a diet|lost weight|disfigure\w*|going (?:blind|deaf)|eyes are failing",
        r"deaf ear|measurements have changed",
    ),
    "animals": words(r"the vet|put down|ran away the dog|(?:runaway|lost|missing) (?:dog|cat)|mare stands"),
    "intimacy": words(r"kiss(?:es|ed|ing)?|naked|undress\w*|in bed|(?:spent|spend) the night|make love|seduc\w+"),
}
"""For each topic, the words that give it away."""
