"""The same seeds, people and history deal up to twelve people the same scenes as in earlier versions.

A dataset names the seed of each scene, and docs/casting.md says that it deals the scene again. If the design is to
change, CHANGELOG.md says so, and the digests that this test prints take the place of these.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from random import Random

import pytest

from tools.casting.evenings import Record, play
from tools.casting.troupes import draw_troupe

TROUPES = 240
SCENES = 6
"""How many scenes of each session are dealt: enough for a second round, and for people who come late or leave."""

DEALT = {
    2: "420dc506e2e34753",
    3: "5325108fde19f686",
    4: "59c3c06c771df7c9",
    5: "e680aef278952c00",
    6: "c107cd31a341f96f",
    7: "7953096775f05e80",
    8: "69c6cc14558fb3eb",
    9: "4073b2dfd03584e3",
    10: "02c3697cc8c46a1f",
    11: "aba0dcad0955e6d6",
    12: "44c0ea35fbaa852f",
}
"""By the number of people in a troupe, the digest of everything that was dealt to the troupes of that size."""


@pytest.mark.parametrize("people", DEALT)
def test_up_to_twelve_people_are_dealt_what_they_were_always_dealt(people: int):
    digest = sha256()
    for number in range(TROUPES):
        troupe = draw_troupe(Random(f"stays/{number}"))
        if len(troupe.people) == people:
            cut = replace(troupe, sessions=tuple(session[:SCENES] for session in troupe.sessions))
            digest.update(_written(play(cut, f"{number}")).encode())
    assert digest.hexdigest()[:16] == DEALT[people]


def _written(record: Record) -> str:
    """Everything that was dealt, one line per scene."""
    lines: list[str] = []
    for scene in record.scenes:
        parts = [
            (part.person_id, part.role, part.character, part.target_emotion, part.target_intensity, part.arc)
            for part in scene.deal.castings
        ]
        lines.append(f"{scene.deal.prompt.prompt_id} {parts}\n")
    return "".join(lines)
