"""The two sessions at the Harbour: one that was ended, and one that a killed process left open within a take."""

from __future__ import annotations

import asyncio
import os
import signal
from itertools import count
from time import monotonic

from landed.people import ANNA, BERT, CLARA, FRITZ, GRETA, HARBOUR, HARRIET, HUGO, IDA, MARO, RITA, Member
from landed.troupe import Troupe, speech

from bot.domain.consent import TO_PERFORM, TO_RATE, Scope
from bot.services.cues import give_cue
from bot.services.cuts import cut_take
from bot.services.notes import note_moment, write_note
from bot.services.pauses import pause, resume
from bot.services.scenes import CastingWish, deal_scene, override_part, redeal_scene
from bot.services.sessions import end_session
from bot.services.sound_check import check_sound
from bot.services.strikes import strike_or_take_back
from bot.services.takes import start_take
from bot.services.x_card import stop_scene
from bot.store.sessions import Session
from bot.voice.receiver import FrameReceived
from bot.voice.recorder import Recording
from bot.voice.recovery import length_on_disk

FULL = TO_PERFORM | TO_RATE | {Scope.TRAIN_RECOGNITION}


async def first_evening(troupe: Troupe) -> None:
    """Session 1: consents given within it, four scenes with every fate that a take can have, ratings."""
    session = await troupe.open(HARBOUR, HARRIET, seed=11)
    for member in (BERT, CLARA, FRITZ, GRETA, HUGO):
        await troupe.consent(HARBOUR, member, FULL)
    await troupe.consent(HARBOUR, MARO, TO_PERFORM)
    await troupe.consent(HARBOUR, RITA, TO_RATE)
    await _sound_check(troupe, session)
    await _scene_with_a_cue(troupe, session)
    await _scene_with_holes(troupe, session)
    await _scene_that_was_stopped(troupe, session)
    for member in (RITA, ANNA, BERT, HUGO):
        await troupe.rate(session, member)
    await troupe.consent(HARBOUR, GRETA, frozenset())
    troupe.time.pass_by(30)
    await end_session(troupe.desk, session)


async def second_evening(troupe: Troupe) -> None:
    """Session 3: on the guild's own deck, and never ended."""
    session = await troupe.open(HARBOUR, HARRIET, seed=33)
    await troupe.consent(HARBOUR, GRETA, TO_PERFORM | TO_RATE)
    troupe.gather(HARBOUR, CLARA, GRETA, RITA)
    await deal_scene(troupe.desk, session)
    await troupe.read_cards(session, GRETA)
    await troupe.play(session, (CLARA, GRETA))
    await pause(troupe.desk, session, troupe.time.monotonic())
    troupe.time.pass_by(90)
    await resume(troupe.desk, session)
    await troupe.rate(session, RITA)
    await troupe.rate(session, CLARA, most=1)
    troupe.gather(HARBOUR, ANNA, GRETA)
    await deal_scene(troupe.desk, session)
    await troupe.start(session)
    await _record_until_killed(troupe, (ANNA, GRETA))


async def _sound_check(troupe: Troupe, session: Session) -> None:
    troupe.gather(HARBOUR, ANNA, BERT, CLARA, RITA)
    checking = asyncio.create_task(check_sound(troupe.desk, session, seconds=2))
    async with asyncio.timeout(20):
        while troupe.booth.order is None:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.001)
    troupe.speak((ANNA, BERT), after=0.2)
    troupe.time.pass_by(3)
    await checking


async def _scene_with_a_cue(troupe: Troupe, session: Session) -> None:
    """One take kept, in which Anna shifts; one struck, and one cut in its countdown."""
    desk = troupe.desk
    await deal_scene(desk, session)
    await redeal_scene(desk, session, prompt_id="last-train")
    await override_part(desk, session, ANNA.user_id, CastingWish(emotion="joy", second_emotion="anger"))
    await troupe.read_cards(session, ANNA, BERT)
    await troupe.start(session)
    troupe.booth.send(ANNA.user_id, [*speech(ANNA, 0), *speech(ANNA, 1)], after=0.2)
    troupe.speak((BERT, CLARA))
    troupe.time.pass_by(1.75)
    troupe.stage.cue_at = troupe.time.monotonic()
    await give_cue(desk, session)
    moment = await note_moment(desk, session, troupe.time.monotonic())
    await write_note(desk, session, "Anna turns on the clerk.", moment)
    await troupe.cut(session, 2.25)
    await troupe.play(session, (ANNA, BERT))
    await strike_or_take_back(desk, session)
    await start_take(desk, session, troupe.time.monotonic(), is_retake=True)
    await cut_take(desk, session, troupe.time.monotonic())


async def _scene_with_holes(troupe: Troupe, session: Session) -> None:
    """The connection was away for a moment, and the coordinator paused."""
    desk = troupe.desk
    troupe.gather(HARBOUR, FRITZ, GRETA, HUGO, IDA)
    troupe.time.pass_by(20)
    await deal_scene(desk, session, prompt_id="grandmothers-kitchen")
    await troupe.read_cards(session, FRITZ, GRETA, HUGO, IDA)
    await troupe.start(session)
    troupe.speak((FRITZ, GRETA, HUGO, IDA))
    troupe.booth.lose_connection(after=2.75, seconds=0.5)
    await troupe.until("SELECT count(*) FROM events WHERE kind = 'connection_restored'")
    troupe.time.pass_by(3.5)
    await pause(desk, session, troupe.time.monotonic())
    troupe.time.pass_by(2)
    await resume(desk, session)
    await troupe.cut(session, 0.5)
    await write_note(desk, session, "The pause was for the door.", await note_moment(desk, session, 0.0))


async def _scene_that_was_stopped(troupe: Troupe, session: Session) -> None:
    """An X-card: the take is kept on disk, and struck."""
    troupe.gather(HARBOUR, ANNA, CLARA)
    troupe.time.pass_by(20)
    await deal_scene(troupe.desk, session)
    await troupe.start(session)
    troupe.speak((ANNA, CLARA))
    troupe.time.pass_by(2.5)
    await (await stop_scene(troupe.desk, session, CLARA.user_id, troupe.time.monotonic()))
    await troupe.until("SELECT count(*) = 0 FROM tracks WHERE peak_dbfs IS NULL")


async def _record_until_killed(troupe: Troupe, members: tuple[Member, ...]) -> None:
    """Write tracks as a running take does, and end this process by force: no track is closed, no take is cut."""
    order = troupe.booth.order
    assert order is not None
    started_at = monotonic() - 4
    recording = Recording(order.folder, started_at=started_at, track_name=order.track_name)
    for member, after in zip(members, count(1)):
        for number, packet in enumerate(speech(member, after)):
            at = 0.5 * after + 0.02 * number
            position = round(at * 48_000)
            frame = FrameReceived(member.user_id, after, number, position, started_at + at, packet)
            recording.frame(frame)
    paths = [order.folder / f"{member.pseudonym}.opus" for member in members]
    async with asyncio.timeout(20):
        while not all(path.exists() and length_on_disk(path) for path in paths):  # noqa: ASYNC110 - disk tells nothing
            await asyncio.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)
