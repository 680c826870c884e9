"""Warm-up, voice try-out and debrief: nothing is dealt, recorded or checked, and no answer is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import monotonic

import pytest

from bot.domain import errors
from bot.domain.show import Phase, Step
from bot.domain.states import Interlude, ReplayMode
from bot.live.session import LiveSession
from tests.evening import AUDIENCE, BYSTANDER, PERFORMERS, Evening

FIRST, SECOND, _ = PERFORMERS

RECORDINGS: list[Callable[[Evening, LiveSession], Awaitable[object]]] = [
    lambda evening, session: evening.services.scenes.deal(session),
    lambda evening, session: evening.services.takes.start(session, monotonic()),
    lambda evening, session: evening.services.takes.start(session, monotonic(), is_retake=True),
    lambda evening, session: evening.services.sound_checks.check(session, 5),
    lambda evening, session: evening.services.calibrations.deal_next(session),
    lambda evening, session: evening.services.replays.deal(session, ReplayMode.LINE),
]


@pytest.mark.parametrize("kind", Interlude)
@pytest.mark.parametrize("record", RECORDINGS)
async def test_nothing_is_recorded(
    evening: Evening, kind: Interlude, record: Callable[[Evening, LiveSession], Awaitable[object]]
):
    session = await evening.open()
    await evening.play(session)
    await evening.services.interludes.begin(session, kind)
    before = sorted(evening.home.recordings.rglob("*"))
    with pytest.raises(errors.InterludeRunning):
        await record(evening, session)
    assert evening.booth.order is None
    assert sorted(evening.home.recordings.rglob("*")) == before
    panel = await evening.panel(session)
    assert panel.phase is Phase.INTERLUDE
    assert not {Step.START, Step.DEAL, Step.SOUND_CHECK, Step.CALIBRATE, Step.NOTE} & set(panel.steps)
    assert "Nothing is recorded.**" in await evening.panel_words(session)
    await evening.services.interludes.finish(session)
    await evening.services.scenes.deal(session)


async def test_it_waits_for_a_take(evening: Evening):
    session = await evening.in_a_take()
    with pytest.raises(errors.TakeRunning):
        await evening.services.interludes.begin(session, Interlude.DEBRIEF)
    await evening.services.cuts.cut(session, monotonic())
    await evening.services.interludes.begin(session, Interlude.DEBRIEF)
    with pytest.raises(errors.NoInterlude):
        await evening.services.interludes.voice_of(session, FIRST)


async def test_a_warm_up_goes_on_from_exercise_to_exercise(evening: Evening):
    session = await evening.open()
    exercises = evening.services.library.interludes().exercises
    for exercise in exercises:
        await evening.services.interludes.begin(session, Interlude.WARM_UP)
        assert f"**{exercise.title}**" in await evening.panel_words(session)
    assert await evening.value("SELECT count(*) FROM events WHERE kind = 'interlude_begun'") == 1
    await evening.services.interludes.finish(session)
    with pytest.raises(errors.NoInterlude):
        await evening.services.interludes.finish(session)


async def test_the_voice_that_is_tried_out_is_held_in_the_first_scene(evening: Evening):
    session = await evening.open()
    interludes = evening.services.interludes
    await interludes.begin(session, Interlude.VOICES)
    first = await interludes.voice_of(session, FIRST)
    assert await interludes.voice_of(session, FIRST) == first
    second = await interludes.voice_of(session, SECOND)
    assert second.key != first.key
    other = await interludes.voice_of(session, FIRST, another=True)
    assert other.key not in {first.key, second.key}
    with pytest.raises(errors.ConsentMissing):
        await interludes.voice_of(session, BYSTANDER)
    await interludes.finish(session)
    await evening.services.scenes.deal(session)
    held = [(await evening.services.cards.read(session, user)).casting.character for user in PERFORMERS]
    assert held[:2] == [other.key, second.key]
    assert held[2] not in held[:2]


async def test_another_voice_in_a_later_try_out_replaces_the_one_of_the_scenes(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    played = (await evening.services.cards.read(session, FIRST)).casting.character
    await evening.services.interludes.begin(session, Interlude.VOICES)
    assert (await evening.services.interludes.voice_of(session, FIRST)).key == played
    other = await evening.services.interludes.voice_of(session, FIRST, another=True)
    await evening.services.interludes.finish(session)
    await evening.services.scenes.deal(session)
    assert (await evening.services.cards.read(session, FIRST)).casting.character == other.key != played


async def test_a_debrief_leaves_no_trace_of_what_was_shown(evening: Evening):
    session = await evening.open()
    await evening.services.interludes.begin(session, Interlude.DEBRIEF)
    before = await evening.row_counts()
    prompts = evening.services.library.interludes().prompts
    assert {evening.services.interludes.prompt(session) for _ in range(200)} == set(prompts)
    assert await evening.row_counts() == before


async def test_an_x_card_ends_the_exercise_and_nothing_else(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    await evening.services.interludes.begin(session, Interlude.DEBRIEF)
    await evening.services.x_card.stop(session, AUDIENCE, monotonic())
    assert session.interlude is None
    assert await evening.value("SELECT count(*) FROM takes WHERE struck_at IS NULL AND state = 'cut'") == 1
    assert await evening.value("SELECT count(*) FROM events WHERE kind = 'scene_stopped'") == 0
    assert (await evening.panel(session)).phase is Phase.CUT
