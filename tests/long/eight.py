"""An evening of eight voices, with everything of it that is kept; and how much one sound is like another."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from time import monotonic

import numpy as np
import numpy.typing as npt

from bot.audio import sound
from bot.audio.sound import Samples, encode_opus
from bot.audio.speech import VoiceDirection, synthesise
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.log.export_log import export_log
from bot.dataset.model.options import Layout, Options
from bot.dataset.release.archive import zip_dataset
from bot.domain.consent import TO_PERFORM, TO_RATE
from bot.domain.consent_terms import Scope
from bot.domain.errors import NothingToRate
from bot.domain.ids import PersonId, SessionId, UserId
from bot.home.places import Home
from bot.store.pay import add_correction
from tests.evening import CHANNEL, GOOD_ANSWERS, Evening, an_evening
from tools.bench.room import VARIANTS

NAME = "Wilhelmina Oddfellow"
EIGHT = tuple(UserId(744_444_444_444_444_441 + number) for number in range(8))
ERASED = EIGHT[2]
SOUNDS = (".opus", ".flac", ".wav", ".mp3")
SPEECH_SECONDS, TAKE_SECONDS = 4.0, 6.0

_LINES = (
    "The harbour was empty when we came back from the island.",
    "Who put the blue suitcase on top of my piano, and why?",
    "I never wanted to be the captain of anything at all.",
    "Listen, the neighbours are dancing on the roof again.",
    "Every Thursday she counts the spoons and finds one missing.",
    "If the bridge is closed, we shall simply have to swim.",
    "My brother sold the cow, the cart, and half of the orchard.",
    "Please tell the judge that the parrot said it first.",
)
_BAND_HZ = 150, 5_000


@cache
def voice(number: int) -> tuple[bytes, ...]:
    """What one of the eight says, in packets of 20 ms; no two have the same voice or words."""
    direction = VoiceDirection(VARIANTS[number], 150 + 6 * number, 25 + 7 * number, peak_dbfs=-6.0)
    return tuple(encode_opus(synthesise(_LINES[number] + " " + _LINES[number], direction)))


async def play_eight(folder: Path) -> None:
    """Play two scenes of four each, who rate each other; export it in every way, and copy what an operator may copy."""
    async with an_evening(folder) as evening:
        evening.stage.channels[CHANNEL] = set(EIGHT)
        for user in EIGHT:
            await evening.consent(user, TO_PERFORM | TO_RATE | {Scope.TRAIN_RECOGNITION})
        session = await evening.open()
        for _ in range(2):
            await _take(evening)
        await evening.services.turns.settled()
        await _write_about_them(evening)
        for user in EIGHT[1:4]:
            await _rate(evening, user)
        await evening.services.sessions.end(session)
        await asyncio.to_thread(_export, evening.home, session.session_id)
    _copy_by_hand(Home(folder))


async def _take(evening: Evening) -> None:
    session = evening.live
    await evening.services.scenes.deal(session)
    await evening.services.takes.start(session, monotonic() - evening.settings.countdown_seconds - TAKE_SECONDS)
    for number, user in enumerate(EIGHT):
        evening.booth.send(user, voice(number)[: round(SPEECH_SECONDS / 0.02)], after=0.15 * number)
    await evening.services.cuts.cut(session, evening.booth.started_at + TAKE_SECONDS)


async def _write_about_them(evening: Evening) -> None:
    session = evening.live.session_id
    moment = await evening.services.notes.moment_at(evening.live, asyncio.get_running_loop().time())
    await evening.services.notes.write(session, f"{NAME} whispers well.", moment)
    person = PersonId(await evening.value(f"SELECT person_id FROM people WHERE discord_user_id = {ERASED}"))
    async with evening.database.transaction() as tx:
        await add_correction(tx, session, person, 100, "EUR", f"{NAME} had a cold", evening.clock.now())


async def _rate(evening: Evening, user: UserId) -> None:
    ratings, session = evening.services.ratings, evening.live
    try:
        while True:
            clip = await ratings.next_clip(session, user)
            record = ratings.record_self if clip.is_own else ratings.record
            await record(session, clip.token, user, GOOD_ANSWERS)
    except NothingToRate:
        return


def _export(home: Home, session_id: SessionId) -> None:
    for layout in Layout:
        for purpose in (None, Scope.TRAIN_RECOGNITION):
            options = Options(layout, has_dialogues=True, purpose=purpose)
            out = home.exports / f"{layout}-{purpose or 'keep'}"
            export_dataset(ExportOrder(home.database, home, out, [session_id], options))
    export_log(home.database, home=home, out=home.log_folder([session_id]), session_ids=[session_id])
    zip_dataset(home.exports / "audiofolder-keep", home.exports / "given.zip")


def _copy_by_hand(home: Home) -> None:
    home.backups.mkdir(exist_ok=True)
    shutil.copy(home.database, home.backups / "promptbook-schema-22-20260101T000000Z.sqlite3")
    replaced = home.replaced("20260101T000000Z")
    for one, other in ((home.recordings, replaced.recordings), (home.clips, replaced.clips)):
        shutil.copytree(one, other)
    shutil.copy(home.database, replaced.database)


def pseudonym_of(home: Home, user: UserId) -> str:
    """The pseudonym of an account."""
    with closing(sqlite3.connect(home.database)) as database:
        row = database.execute("SELECT pseudonym FROM people WHERE discord_user_id = ?", (user,)).fetchone()
    return str(row[0])


def sounds_below(folder: Path) -> Mapping[str, bytes]:
    """Every sound file, by its path below a folder."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.suffix in SOUNDS}
    return {name: path.read_bytes() for name, path in sorted(found.items())}


def likeness(part: Samples, whole: Samples) -> float:
    """How far the best place of a sound in another stands out, in standard deviations of all places.

    Both are whitened within the band of speech, so that no two voices are alike for their pitch alone: sounds that have
    nothing in common reach 6 to 16, and one in a mix of four 50 and more.
    """
    size = 1 << (len(part) + len(whole)).bit_length()
    correlated = np.fft.irfft(_white(whole, size) * np.conj(_white(part, size)), size)
    return float(np.max(np.abs(correlated)) / np.std(correlated))


def _white(samples: Samples, size: int) -> npt.NDArray[np.complex128]:
    spectrum = np.fft.rfft(samples, size)
    hertz = np.fft.rfftfreq(size, 1 / 48_000)
    spectrum[(hertz < _BAND_HZ[0]) | (hertz > _BAND_HZ[1])] = 0
    return spectrum / np.maximum(np.abs(spectrum), 1e-9)


def said_by(home: Home, pseudonym: str) -> Samples:
    """What one performer says in the first take, without the silence around it."""
    track = sound.read(sorted(home.recordings.rglob(f"{pseudonym}.opus"))[0])
    loud = np.flatnonzero(np.abs(track) > 0.02)
    return track[loud[0] : loud[-1]]
