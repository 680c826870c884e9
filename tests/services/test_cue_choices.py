"""How a performer wants their cues: their own choice, which a cue follows and an erasure deletes."""

from __future__ import annotations

from bot.domain.states import CueWay
from tests.evening import PERFORMERS, Evening


async def test_a_cue_comes_as_its_performer_chose(evening: Evening):
    choices = evening.services.cue_choices
    await choices.choose(PERFORMERS[0], CueWay.MESSAGE)
    await choices.choose(PERFORMERS[0], CueWay.SOUND)
    await choices.choose(PERFORMERS[1], CueWay.MESSAGE)
    await choices.choose(PERFORMERS[1], CueWay.CARD)
    assert [await choices.of(one) for one in PERFORMERS[:2]] == [CueWay.SOUND, CueWay.CARD]
    assert await evening.value("SELECT count(*) FROM cue_choices") == 1
    await evening.in_a_take()
    await evening.services.cues.give(evening.live)
    (user, _), (way,) = evening.stage.cues[0], evening.stage.cue_ways
    assert way is await choices.of(user)
