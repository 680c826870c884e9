"""The sound check: who is listened to, what is reported and stored about them, and that no sound stays."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest

from bot.app import open_bot
from bot.audio.sound import Samples, encode_opus
from bot.domain import errors
from bot.domain.consent import TO_PERFORM
from bot.domain.ids import GuildId, SessionId, UserId
from bot.live.ports import SystemClock
from bot.live.session import LiveSession
from bot.samples import Span
from bot.services.sound.performer_sound import PerformerSound, measure_performers
from bot.services.sound.sound_check import CHECK_SECONDS, SETTLE_SECONDS, CheckBegun, SoundCheck
from bot.voice.connection.events import ConnectionGivenUp
from bot.voice.recording import trackfile
from bot.voice.recording.recorder import TrackSummary
from tests.evening import AUDIENCE, BYSTANDER, CHANNEL, GUILD, PERFORMERS, Evening, HeldClock
from tests.paper import PaperBooth, PaperStage
from tools.bench.room import Way, perform
from tools.small_disk import small_disk

ANNA, BERT, CLARA = PERFORMERS
Listen = Callable[[], Awaitable[None]]
Press = Callable[[Evening, LiveSession], Awaitable[None]]


@dataclass
class ListeningClock(SystemClock):
    """A clock on which the seconds of a sound check are over once the test has let its people speak."""

    listen: Listen

    async def sleep_until(self, moment: float) -> None:
        await self.listen()


class LaterClock(SystemClock):
    """A clock that is five seconds ahead."""

    def monotonic(self) -> float:
        return super().monotonic() + 5


@cache
def voices(leak_db: float | None = None) -> list[list[bytes]]:
    """What three performers send; with `leak_db`, the second one's microphone picks up the first one."""
    ways = [] if leak_db is None else [Way(0, 1, leak_db, 0.2)]
    return [encode_opus(track) for track in perform(4, 3, "overlapping", ways, is_gated=False)]


def amplified(packets_of: Samples, gain: float) -> list[bytes]:
    return encode_opus(np.clip(packets_of * np.float32(gain), -1, 1))


async def checked(evening: Evening, session: LiveSession, listen: Listen, **how: Any) -> SoundCheck:
    evening.clock = ListeningClock(listen)
    return await evening.services.sound_checks.check(session, **how)


def everybody_speaks(evening: Evening, leak_db: float | None = None) -> Listen:
    async def listen() -> None:
        for user, packets in zip(PERFORMERS, voices(leak_db), strict=True):
            evening.booth.send(user, packets)

    return listen


async def rows(evening: Evening) -> dict[int, dict[str, Any]]:
    found = await evening.database.fetch_all(
        "SELECT sound_checks.*, people.discord_user_id AS user, hearer.discord_user_id AS heard_by FROM sound_checks "
        "JOIN people USING (person_id) LEFT JOIN people AS hearer ON hearer.person_id = heard_in_track_of"
    )
    return {row["user"]: dict(row) for row in found}


def files(evening: Evening) -> list[Path]:
    return [path for path in evening.home.checks.rglob("*") if path.is_file()]


async def test_everyone_who_consents_is_measured_and_reported(evening: Evening):
    session = await evening.open()
    begun: list[CheckBegun] = []

    async def tell(check: CheckBegun) -> None:
        assert evening.booth.order is None, "the caller is told before the bot listens to anyone"
        begun.append(check)

    check = await checked(evening, session, everybody_speaks(evening), begun=tell)
    assert begun == [CheckBegun(8, frozenset(PERFORMERS), frozenset({AUDIENCE, BYSTANDER}))]
    assert "8 seconds" in evening.booth.said[-1]
    assert [performer.discord_user_id for performer in check.performers] == list(PERFORMERS)
    for performer in check.performers:
        assert performer.levels is not None
        assert -32 < performer.levels.speech_dbfs < -12
        assert performer.levels.noise_dbfs < -50
        assert performer.lost_share == 0
        assert performer.hears == ()
        troubles = [performer.is_too_quiet, performer.is_noisy, performer.is_clipping, performer.is_losing]
        assert not any(troubles)
    kept = await rows(evening)
    assert set(kept) == set(PERFORMERS)
    for performer in check.performers:
        row = kept[performer.discord_user_id]
        assert row["session_id"] == session.session_id
        assert performer.levels
        assert row["speech_dbfs"] == performer.levels.speech_dbfs
        assert row["heard_in_track_of"] is None
    event = await evening.database.fetch_one("SELECT * FROM events WHERE kind = 'sound_checked'")
    assert event is not None
    assert event["detail"] == '{"heard": 3, "leaks": 0, "performers": 3}'


async def test_a_voice_in_another_microphone_is_reported_and_stored(evening: Evening):
    session = await evening.open()
    check = await checked(evening, session, everybody_speaks(evening, leak_db=-15))
    (leak,) = [(performer.discord_user_id, voice) for performer in check.performers for voice in performer.hears]
    assert leak[0] == BERT
    assert leak[1].discord_user_id == ANNA
    assert leak[1].level_db == pytest.approx(-15, abs=6)
    assert not leak[1].is_same_room
    kept = await rows(evening)
    assert (kept[ANNA]["heard_by"], kept[ANNA]["crosstalk_db"]) == (BERT, leak[1].level_db)
    assert kept[BERT]["heard_by"] is kept[CLARA]["heard_by"] is None


async def test_every_trouble_of_a_microphone_is_named(evening: Evening):
    session = await evening.open()
    quiet, clipped, noisy = perform(4, 3, "all at once", is_gated=False)
    noise = np.random.default_rng(1).normal(0, 10 ** (-35 / 20), len(noisy)).astype(np.float32)

    async def listen() -> None:
        evening.booth.send(ANNA, amplified(quiet, 0.01))
        evening.booth.send(BERT, amplified(clipped, 30))
        packets = amplified(noisy + noise, 1)
        evening.booth.send(CLARA, packets, lost=range(5, len(packets), 20))

    anna, bert, clara = (await checked(evening, session, listen)).performers
    assert (anna.is_too_quiet, anna.is_clipping, anna.is_noisy) == (True, False, False)
    assert (bert.is_too_quiet, bert.is_clipping) == (False, True)
    assert (clara.is_too_quiet, clara.is_noisy, clara.is_losing) == (False, True, True)
    assert clara.lost_share == pytest.approx(0.05, abs=0.005)


async def test_a_person_who_does_not_consent_is_never_heard(evening: Evening):
    session = await evening.open()

    async def listen() -> None:
        order = evening.booth.order
        assert order is not None
        assert [user for user in sorted(evening.booth.people) if order.may_record(user)] == list(PERFORMERS)
        evening.booth.send(BYSTANDER, voices()[0])
        evening.booth.send(ANNA, voices()[0])

    check = await checked(evening, session, listen)
    assert check.unheard_users == {AUDIENCE, BYSTANDER}
    assert [performer.levels is not None for performer in check.performers] == [True, False, False]
    kept = await rows(evening)
    assert set(kept) == set(PERFORMERS)
    assert kept[BERT]["speech_dbfs"] is kept[BERT]["lost_share"] is None


async def test_consent_withdrawn_while_it_listens_leaves_nothing_of_that_person(evening: Evening):
    session = await evening.open()
    packets = voices(-15)

    async def listen() -> None:
        for user, sent in zip(PERFORMERS, packets, strict=True):
            evening.booth.send(user, sent[:200])
        await evening.services.consent_requests.ask(GUILD, ANNA, frozenset(), is_adult=False)
        order = evening.booth.order
        assert order is not None
        assert not order.may_record(ANNA), "a withdrawal counts from the next packet"

    check = await checked(evening, session, listen)
    assert [performer.discord_user_id for performer in check.performers] == [BERT, CLARA]
    assert [performer.hears for performer in check.performers] == [(), ()]
    assert set(await rows(evening)) == {BERT, CLARA}


async def test_consent_withdrawn_while_it_is_prepared_counts(evening: Evening):
    session = await evening.open()
    # A crowd, whose consents are read after Anna's: hers ends in the meantime.
    evening.booth.people |= {UserId(BYSTANDER + number) for number in range(1, 100)}
    for steps in range(0, 120, 4):
        await evening.consent(ANNA, TO_PERFORM)
        is_taken_back = asyncio.Event()

        async def listen(is_taken_back: asyncio.Event = is_taken_back) -> None:
            await is_taken_back.wait()

        evening.clock = ListeningClock(listen)
        checking = asyncio.create_task(evening.services.sound_checks.check(session))
        for _ in range(steps):
            await asyncio.sleep(0)
        await evening.consent(ANNA, frozenset())
        is_taken_back.set()
        assert [performer.discord_user_id for performer in (await checking).performers] == [BERT, CLARA]
    assert ANNA not in await rows(evening)


@pytest.mark.parametrize("seconds", [0.0, 0.3, 1.5])
async def test_consent_withdrawn_before_anything_is_stored_counts(evening: Evening, seconds: float):
    """Another writer holds the store: the check measures, and then waits until it can store what it found."""
    session = await evening.open()
    listened = asyncio.Event()

    async def listen() -> None:
        await everybody_speaks(evening, leak_db=-15)()
        listened.set()

    evening.clock = ListeningClock(listen)
    checking = asyncio.create_task(evening.services.sound_checks.check(session))
    await listened.wait()
    async with evening.database.transaction():
        await asyncio.sleep(seconds)
        taking_back = asyncio.create_task(evening.consent(ANNA, frozenset()))
        await asyncio.sleep(0.05)
    check = await checking
    await taking_back
    assert [performer.discord_user_id for performer in check.performers] == [BERT, CLARA]
    assert [performer.hears for performer in check.performers] == [(), ()]
    kept = await rows(evening)
    assert set(kept) == {BERT, CLARA}
    assert kept[BERT]["heard_by"] is None


async def test_the_track_of_a_person_who_withdrew_is_not_even_decoded(tmp_path: Path):
    gone = TrackSummary(ANNA, tmp_path / "gone.opus", 48_000, 50, 0, 0, 48_000, (Span(0, 48_000),))
    (bert,) = measure_performers([gone], {BERT})
    assert bert == PerformerSound(BERT, None, None)


async def test_no_sound_stays_on_disk(evening: Evening):
    session = await evening.open()
    seen: list[list[str]] = []
    real_stop = evening.booth.stop_recording

    async def stop(cut_at: float) -> Any:
        summaries = await real_stop(cut_at)
        seen.append(sorted(path.name for path in files(evening)))
        return summaries

    evening.booth.stop_recording = stop  # type: ignore[method-assign]
    await checked(evening, session, everybody_speaks(evening))
    assert len(seen[0]) == 3, "the report is measured on files"
    assert not any(str(user) in name for user in PERFORMERS for name in seen[0])
    assert files(evening) == []

    async def fail() -> None:
        await everybody_speaks(evening)()
        evening.clock = LaterClock()
        raise OSError("the clock broke")

    with pytest.raises(OSError, match="clock"):
        await checked(evening, session, fail)
    assert len(seen[1]) == 3
    assert files(evening) == []
    assert not any(session.check for session in evening.services.live)


async def test_the_end_of_the_process_stops_a_check_and_keeps_nothing(evening: Evening):
    session = await evening.open()
    listening = asyncio.Event()

    async def listen() -> None:
        if evening.booth.order:  # the panel waits by the same clock
            listening.set()
        await asyncio.Event().wait()

    evening.clock = ListeningClock(listen)
    checking = asyncio.create_task(evening.services.sound_checks.check(session))
    await listening.wait()
    evening.booth.send(ANNA, voices()[0])
    await evening.services.errands.close()
    with suppress(asyncio.CancelledError):
        await checking
    assert evening.booth.order is None, "the booth no longer records"
    assert not any(session.check for session in evening.services.live)
    assert files(evening) == []
    assert await rows(evening) == {}


async def test_what_a_killed_process_left_is_removed_at_the_next_start(evening: Evening):
    left = evening.home.check_folder(SessionId(9)) / "spk_00000000.opus"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"OggS")
    async with open_bot(evening.settings):
        assert not left.parent.exists()


async def test_one_thing_at_a_time(evening: Evening):
    session = await evening.open()
    refused: list[type[Exception]] = []

    async def listen() -> None:
        for work in (evening.services.sound_checks.check(session), evening.services.takes.start(session, monotonic())):
            with pytest.raises(errors.PromptbookError) as raised:
                await work
            refused.append(raised.type)
        dealt = await evening.services.scenes.deal(session)
        assert set(dealt.discord_user_ids) <= set(PERFORMERS)
        await everybody_speaks(evening)()

    await evening.services.scenes.deal(session)
    await checked(evening, session, listen)
    assert refused == [errors.SoundCheckRunning, errors.SoundCheckRunning]
    evening.clock = SystemClock()
    await evening.services.takes.start(session, monotonic())
    with pytest.raises(errors.TakeRunning):
        await evening.services.sound_checks.check(session)
    assert not any(session.check for session in evening.services.live)


async def test_no_one_to_listen_to(evening: Evening):
    for user in PERFORMERS:
        await evening.consent(user, frozenset())
    session = await evening.open()
    with pytest.raises(errors.TooFewPerformers):
        await evening.services.sound_checks.check(session)
    assert not any(session.check for session in evening.services.live)
    assert evening.booth.said == []


async def press_x(evening: Evening, session: LiveSession) -> None:
    await evening.services.x_card.stop(evening.live, AUDIENCE, monotonic())


async def press_pause(evening: Evening, session: LiveSession) -> None:
    await evening.services.pauses.pause(evening.live, monotonic())


async def press_end(evening: Evening, session: LiveSession) -> None:
    await evening.services.sessions.end(session)


@pytest.mark.parametrize(
    ("press", "told"),
    [(press_x, errors.SoundCheckStopped), (press_pause, errors.SoundCheckStopped), (press_end, errors.SessionEnded)],
)
async def test_it_ends_immediately_and_keeps_nothing(evening: Evening, press: Press, told: type[Exception]):
    session = await evening.open()
    evening.clock = clock = HeldClock()
    checking = asyncio.create_task(evening.services.sound_checks.check(session))
    await clock.wait_of(CHECK_SECONDS + SETTLE_SECONDS)
    await everybody_speaks(evening)()
    order = evening.booth.order
    assert order is not None
    assert order.may_record(ANNA)
    await press(evening, session)
    assert not order.may_record(ANNA), "no one is heard after the press"
    # The clock still holds the seconds of the check, but the check does not wait for them.
    async with asyncio.timeout(5):
        with pytest.raises(told):
            await checking
    assert not any(session.check for session in evening.services.live)
    assert await rows(evening) == {}
    assert files(evening) == []


class SlowStage:
    """A stage that lets the bot into its channel once the test says so."""

    def __init__(self, stage: PaperStage) -> None:
        self._enter = stage.enter
        self.is_asked, self.lets_in = asyncio.Event(), asyncio.Event()

    async def enter(self, guild_id: GuildId, voice_channel_id: int) -> PaperBooth:
        self.is_asked.set()
        await self.lets_in.wait()
        return await self._enter(guild_id, voice_channel_id)


@pytest.mark.parametrize(("press", "told"), [(press_x, errors.SoundCheckStopped), (press_pause, errors.SessionPaused)])
async def test_one_that_waits_for_the_lock_does_not_begin_once_it_is_stopped(
    evening: Evening, press: Press, told: type[Exception]
):
    session = await evening.open()
    async with session.lock:
        checking = asyncio.create_task(evening.services.sound_checks.check(session))
        await asyncio.sleep(0.05)
        await press(evening, session)
    with pytest.raises(told):
        await checking
    assert evening.booth.order is None


@pytest.mark.parametrize("press", [press_x, press_pause])
async def test_one_that_is_being_prepared_does_not_begin_once_it_is_stopped(
    evening: Evening, press: Press, monkeypatch: pytest.MonkeyPatch
):
    """The bot takes a while to join again; in the meantime someone stops the check that is to listen to them."""
    session = await evening.open()
    session.stand_up()
    stage = SlowStage(evening.stage)
    monkeypatch.setattr(evening.stage, "enter", stage.enter)
    checking = asyncio.create_task(evening.services.sound_checks.check(session))
    await stage.is_asked.wait()
    # Without a scene, the press would be an error if it had not stopped the check.
    await press(evening, session)
    stage.lets_in.set()
    with pytest.raises(errors.SoundCheckStopped):
        await checking
    assert evening.booth.order is None
    assert session.check is None


async def test_a_refused_check_leaves_nothing_to_stop(evening: Evening):
    session = await evening.open()
    evening.stage.channels[CHANNEL].clear()
    with pytest.raises(errors.TooFewPerformers):
        await evening.services.sound_checks.check(session)
    assert not session.stop_check()


async def test_stopped_while_it_asks_it_ends_immediately_and_listens_to_no_one(evening: Evening):
    session = await evening.open()
    asking, silenced = asyncio.Event(), asyncio.Event()

    async def ask(seconds: int) -> None:
        asking.set()
        try:
            await asyncio.Event().wait()
        finally:
            silenced.set()

    evening.booth.ask_to_speak = ask  # type: ignore[method-assign]
    checking = asyncio.create_task(evening.services.sound_checks.check(session))
    async with asyncio.timeout(5):
        await asking.wait()
        await press_pause(evening, session)
        with pytest.raises(errors.SoundCheckStopped):
            await checking
        await silenced.wait()
    assert evening.booth.order is None
    with pytest.raises(errors.SessionPaused):
        await evening.services.sound_checks.check(session)


async def test_time_in_which_the_bot_heard_no_one_is_reported(evening: Evening):
    session = await evening.open()

    async def listen() -> None:
        await everybody_speaks(evening)()
        evening.booth.lose_connection(after=2, seconds=1.5)

    assert (await checked(evening, session, listen)).deaf_seconds == pytest.approx(1.5, abs=0.01)

    async def give_up() -> None:
        await everybody_speaks(evening)()
        evening.booth.tell_connection(ConnectionGivenUp(monotonic(), "the bot was removed from the voice channel"))
        evening.booth.left = True

    assert len((await checked(evening, session, give_up)).performers) == 3


async def test_a_full_disk_is_reported(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    session = await evening.open()
    in_the_way = evening.home.checks
    in_the_way.write_text("in the way")
    with pytest.raises(errors.RecordingImpossible):
        await checked(evening, session, everybody_speaks(evening))
    in_the_way.unlink()
    monkeypatch.setattr(trackfile.os, "write", small_disk(5_000))
    with pytest.raises(errors.RecordingImpossible):
        await checked(evening, session, everybody_speaks(evening))
    monkeypatch.undo()
    assert not any(session.check for session in evening.services.live)
    assert len((await checked(evening, session, everybody_speaks(evening))).performers) == 3
