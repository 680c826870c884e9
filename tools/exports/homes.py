"""Home folders with many takes: real Ogg Opus tracks of synthetic speech, and the rows of a company that rated them.

A few tracks are synthesised, and every take has links to them: decoding them costs the same as decoding others.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.audio.containers import Container
from bot.audio.sound import Encoder, Samples
from bot.audio.speech import VoiceDirection, synthesise
from bot.domain.ids import PersonId, SessionId
from bot.samples import SAMPLE_RATE_HZ, Span
from bot.store.transaction import Transaction
from tools.synthetic.session import EMOTIONS, NOW, PERFORMER_SCOPES, Troupe, open_troupe

PERFORMERS = 4
TAKES_A_SESSION = 10
FEWEST_PAUSE_S, LONGEST_PAUSE_S = 1.5, 9.0
NOISE = 5e-4
CODED = 1.3
"""How much louder a sample can be after it was encoded and decoded."""

LEAD_SAMPLES = SAMPLE_RATE_HZ // 10

SENTENCES = (
    "I told you yesterday that we would need the keys for the shed, and now look at us, standing in the rain.",
    "No.",
    "Do not tell me that you gave them to the neighbour again, because I will not ask him a third time this week!",
    "All right, all right. We could climb over the fence, if you hold the ladder.",
    "Which ladder? The one that is in the shed?",
    "You are laughing. I am wet to the bone, and you are laughing.",
)
VOICES = ("en-us", "en-us+f3", "en-us+m3", "en-us+f2")


@dataclass(frozen=True)
class Talk:
    """One performer's track: its file, its length, its highest sample, and the stretches of speech in it."""

    path: Path
    samples: int
    peak: float
    turns: Sequence[Span]

    @property
    def clips(self) -> list[Span]:
        """The bounds of its clips: wider than the speech."""
        return [Span(turn.start_samples - LEAD_SAMPLES, turn.end_samples + LEAD_SAMPLES) for turn in self.turns]


def talks(folder: Path, seconds: float, rounds: int = 1) -> list[Talk]:
    """Synthesise a track per performer that says the same so many times, or take those that an earlier call left."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_talk(folder / f"{seconds:g}s-{rounds}-{one}.opus", one, seconds, rounds) for one in range(PERFORMERS)]


def _talk(path: Path, number: int, seconds: float, rounds: int) -> Talk:
    track, turns = _once(number, seconds)
    if not path.exists():
        with Encoder(path, Container.OGG_OPUS) as file:
            for _ in range(rounds):
                file.write(track)
    starts = range(0, rounds * len(track), len(track))
    later = [Span(start + turn.start_samples, start + turn.end_samples) for start in starts for turn in turns]
    return Talk(path, rounds * len(track), float(np.abs(track).max()), later)


def _once(number: int, seconds: float) -> tuple[Samples, list[Span]]:
    random = np.random.default_rng(number)
    lines = [synthesise(text, VoiceDirection(variant=VOICES[number])) for text in SENTENCES]
    track = random.normal(0, NOISE, round(seconds * SAMPLE_RATE_HZ)).astype(np.float32)
    turns: list[Span] = []
    at = round(random.uniform(0.5, LONGEST_PAUSE_S) * SAMPLE_RATE_HZ)
    while at + len(line := 0.5 * lines[random.integers(len(lines))]) + LEAD_SAMPLES <= len(track):
        track[at : at + len(line)] += line
        turns.append(Span(at, at + len(line)))
        at += len(line) + round(random.uniform(FEWEST_PAUSE_S, LONGEST_PAUSE_S) * SAMPLE_RATE_HZ)
    return track, turns


async def build(home: Path, takes: int, spoken: Sequence[Talk]) -> None:
    """Fill a new home folder with takes in which everyone talks, in sessions of ten."""
    troupe = await open_troupe(home)
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in spoken]
    for first in range(0, takes, TAKES_A_SESSION):
        session_id = await troupe.add_session(people[0])
        for number in range(min(TAKES_A_SESSION, takes - first)):
            async with troupe.database.transaction() as tx:
                await _add_take(tx, troupe, session_id, number, people, spoken)
    await troupe.database.close()


async def _add_take(
    tx: Transaction,
    troupe: Troupe,
    session_id: SessionId,
    number: int,
    people: Sequence[PersonId],
    spoken: Sequence[Talk],
) -> None:
    scene_id = await tx.insert(
        "scenes",
        session_id=session_id,
        number=number + 1,
        prompt_id=f"shed-{number}",
        prompt_title="The shed",
        prompt_text="Two people stand before a shed in the rain, and someone has the keys.",
        dealt_at=NOW,
    )
    take_id = await tx.insert(
        "takes",
        scene_id=scene_id,
        number=1,
        state="cut",
        called_at=NOW,
        started_at=NOW,
        cut_at=NOW,
        cut_reason="coordinator",
        duration_samples=spoken[0].samples,
        mix_peak=CODED * sum(talk.peak for talk in spoken),
    )
    for place, (person, talk) in enumerate(zip(people, spoken, strict=True)):
        await tx.insert(
            "castings",
            scene_id=scene_id,
            person_id=person,
            role="a neighbour",
            character="slow-river",
            target_emotion=EMOTIONS[(number + place) % len(EMOTIONS)],
            target_intensity=2,
        )
        path = troupe.home.take_folder(session_id, number + 1, 1) / f"spk_{person:08x}.opus"
        path.parent.mkdir(parents=True, exist_ok=True)
        os.link(talk.path, path)
        track_id = await tx.insert(
            "tracks",
            take_id=take_id,
            person_id=person,
            path=troupe.home.relative(path),
            duration_samples=talk.samples,
            received_frames=talk.samples // 960,
            concealed_frames=0,
            speech_samples=sum(turn.duration_samples for turn in talk.turns),
            turns_method="silero-1",
        )
        for count, turn in enumerate(talk.turns, 1):
            await tx.insert(
                "turns",
                track_id=track_id,
                number=count,
                start_samples=turn.start_samples,
                end_samples=turn.end_samples,
                clip_start_samples=turn.start_samples - LEAD_SAMPLES,
                clip_end_samples=turn.end_samples + LEAD_SAMPLES,
                is_for_rating=int(count == 1),
                found_by="voice",
                method="silero-1",
            )
