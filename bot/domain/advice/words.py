"""The words that give a prompt away: what it hides, whom it is about, and what only eyes could follow.

The lists are conservative: a word is in one of them only if it hardly ever means anything else.
"""

from __future__ import annotations

import re
from typing import Final


def words(*patterns: str) -> re.Pattern[str]:
    """Return a pattern that finds whole words, in any case."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


EYES: Final = words(
    r"(?:look|looks|looked|looking) (?:at|up|down|away)",
    r"(?:stare|stares|staring|glance|glances|glancing|peer|peers)",
    r"(?:point|points|pointing) (?:at|to)",
    r"(?:nod|nods|wink|winks|shrug|shrugs|gesture|gestures|mime|mimes)",
    r"(?:show|shows|showing) (?:them|him|her|you|everyone|everybody|the others)",
    r"(?:hold|holds) (?:it )?up",
    r"(?:shake|shakes|shaking) (?:his|her|their|your) head",
    r"lip-?reads?",
    r"at attention",
    r"(?:stays?|goes on|keeps) (?:standing|kneeling|folding|scrubbing)",
    r"pins in (?:the|his|her|their) mouth",
    r"a hand's breadth",
    r"(?:knows?|recognis(?:es|ed)|recogniz(?:es|ed)) (?:the hand|(?:the|somebody's|someone's) handwriting)",
    r"half a sentence",
    r"silently|without speaking|says nothing|in sign language",
)
"""What only eyes can follow: looks, gestures, postures, and writing that someone would have to read."""

CLOSE: Final = words(
    r"child(?:ren)?|grandchild(?:ren)?|grandson|granddaughter|kids?|bab(?:y|ies)|toddlers?|newborn|teenagers?",
    r"sons?|daughters?|mothers?|mums?|moms?|fathers?|dads?|parents?|grand(?:mother|father|parent|ma|pa)s?|gran|grandad",
    r"step(?:mother|father|son|daughter)|brothers?|sisters?|siblings?|twins?|aunts?|uncles?|cousins?|nephews?|nieces?",
    r"family|families|relatives?|patients?|pupils?|schoolchild(?:ren)?|apprentices?|trainees?|interns?|novices?",
    r"\w+-year-old|in (?:her|his|their) care",
)
"""Children, relatives, and people who depend on somebody else on stage."""

SECRET: Final = words(
    r"(?:told|telling) (?:nobody|no one)|(?:has|have) not told|(?:has|have) told only|never (?:said|told)",
    r"in secret|secretly|pretends?|(?:has|have) hidden|hides|hiding",
    r"will not (?:say|admit|speak of it)|does not dare|means to own up",
    r"(?<!to )knows? (?:who|why|what) (?:really|did|has|is in|is on|the director)",
    r"without (?:asking|telling) (?:anyone|anybody|the others)",
    r"kept silent|keeps? (?:it )?(?:from|quiet)|said nothing|hoped? that nobody",
    r"has promised (?:silence|not to (?:tell|say))|sold .{1,20} without asking",
)
"""What a role keeps from the others."""

DEED: Final = words(r"(?:the one who|who) (?:did|broke|wrote|took|found|sent|made) (?:it|this|that)")
"""A role without which what everyone knows was done by nobody."""
