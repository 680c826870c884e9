"""One member of the cast: at their Discord client, and with a voice in the channel."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from bot.audio.sound import SAMPLE_RATE_HZ, Samples, encode_opus
from bot.audio.speech import synthesise
from bot.rehearsal.cast.lines import lines_for, manner_of, voice_for
from bot.rehearsal.cast.person import Person
from bot.rehearsal.cast.voice import VoiceParticipant
from bot.rehearsal.journal import Journal
from bot.rehearsal.world import Profile

TONE_HZ = 3_400
"""The bystander's tone: speech of the synthetic voices has next to nothing in so narrow a band."""

HISS_LEVEL = 10 ** (-66 / 20)
"""RMS of the hiss added to every line, -66 dBFS: a quiet room."""

ROUNDS = 2
"""How often a part's lines come before a player has nothing left to say: a take and what is said around it."""

_TONE_PAUSE_MS = 400
_FEELING = re.compile(r"\*\*You feel\*\* ([^,.]+)[,.]")
_ROLE = re.compile(r"\*\*You are\*\* (.+)\.")


@dataclass(slots=True)
class Part:
    """What a player has to say: talk spurts of Opus packets, and the pause after each."""

    spurts: Sequence[Sequence[bytes]]
    pause_ms: int


class Player:
    """A profile of the world, a client and a voice. `consents` is what they gave, by scope."""

    def __init__(self, profile: Profile, person: Person, place: int, journal: Journal, seed: int) -> None:
        self.profile = profile
        self.person = person
        self.voice: VoiceParticipant | None = None
        self.consents: list[str] = []
        self.part: Part | None = None
        self._place = place
        self._journal = journal
        self._chance = Random(f"{seed}/{profile.user_id}/player")
        self._noise = np.random.default_rng([seed, profile.user_id])

    async def read_card(self, scene: int, reply_text: str) -> None:
        """Read what was dealt, note it, and get the lines ready in that emotion."""
        feeling, role = _FEELING.search(reply_text), _ROLE.search(reply_text)
        if feeling is None or role is None:
            raise ValueError(f"This is no card: {reply_text[:200]!r}.")
        emotion = feeling[1]
        self._journal.write("card_read", user_id=self.profile.user_id, scene=scene, emotion=emotion, role=role[1])
        self.part = await asyncio.to_thread(_learn, emotion, self._place, self._noise)

    async def prepare_interruptions(self) -> None:
        """The bystander's part: talk, and a tone in between."""
        self.part = await asyncio.to_thread(_learn_interruptions, self._place, self._noise)

    async def talk_until(self, stop: asyncio.Event) -> None:
        """Say the part with its pauses until told to stop or nothing is left; the spurt under way is finished."""
        if self.voice is None or self.part is None:
            raise RuntimeError("A player talks only in the voice channel and with a part.")
        for spurt in self.part.spurts:
            if stop.is_set():
                return
            await self.voice.speak(spurt)
            await asyncio.sleep(self.part.pause_ms / 1000 * self._chance.uniform(0.9, 1.3))

    def answers(self, options: Sequence[str]) -> dict[str, str]:
        """Answers to the five items: drawn by chance, as a judge who knows nothing of the target."""
        return {
            "emotion": self._chance.choice(options),
            "intensity": str(self._chance.randint(0, 3)),
            "valence": str(self._chance.randint(1, 5)),
            "arousal": str(self._chance.randint(1, 5)),
            "authenticity": str(self._chance.randint(1, 5)),
        }


def tone(seconds: float, hertz: float = TONE_HZ, level: float = 0.3) -> Samples:
    """A sine with edges soft enough not to click."""
    moments = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    edge = np.minimum(1, np.minimum(moments, moments[::-1]) / 0.02)
    return (level * edge * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)


def _learn(emotion: str, place: int, noise: np.random.Generator) -> Part:
    voice = voice_for(emotion, place)
    lines = [synthesise(line, voice) for line in lines_for(emotion, place)]
    return Part([_encode(line, noise) for line in lines * ROUNDS], manner_of(emotion).pause_ms)


def _learn_interruptions(place: int, noise: np.random.Generator) -> Part:
    voice = voice_for("neutral", place)
    lines = [sound for line in lines_for("neutral", place) for sound in (synthesise(line, voice), tone(1.5))]
    return Part([_encode(line, noise) for line in lines * ROUNDS * 2], _TONE_PAUSE_MS)


def _encode(sound: Samples, noise: np.random.Generator) -> list[bytes]:
    # A microphone's hiss, so that no packet is ever sent twice: what was recorded when can be told from bytes alone.
    return encode_opus(sound + noise.normal(0, HISS_LEVEL, len(sound)).astype(np.float32))
