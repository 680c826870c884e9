"""An evening as its cast noted it: takes, cards, cues, presence, screens. Nothing here comes from the bot.

Times are seconds of the monotonic clock, as everywhere in the cast's journal.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.domain.ids import UserId

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """A performer's part as they read it, and the message. A part of a calibration has no emotion."""

    user_id: UserId
    scene: int
    emotion: str | None
    role: str
    message_id: int
    at: float


@dataclass(frozen=True, slots=True)
class Cue:
    """What happened about a performer's cue in a take: when each message with it appeared, and what they did about it.

    `card_at` is when it appeared under their card, `dm_at` as a direct message, `acknowledged_at` when they pressed the
    button under it, `asked` how often they were asked after the cut, and `answer` what they said.
    """

    user_id: UserId
    scene: int
    take: int
    emotion: str
    message_ids: tuple[int, ...]
    card_at: float | None
    dm_at: float | None
    acknowledged_at: float | None
    asked: int
    answer: str | None

    @property
    def at(self) -> float:
        """When it appeared first, in either way."""
        return min(at for at in (self.card_at, self.dm_at) if at is not None)

    @property
    def last_at(self) -> float:
        """When it appeared last, in either way."""
        return max(at for at in (self.card_at, self.dm_at) if at is not None)


@dataclass(frozen=True, slots=True)
class Sight:
    """A message or form on a person's screen. A form has no message id."""

    user_id: UserId
    message_id: int | None
    text: str
    is_ephemeral: bool


@dataclass(slots=True)
class TakePlayed:
    """A take by the clock of the person who pressed: it starts with the press plus the announced countdown.

    `ended_by` is 'coordinator' or 'x_card'. `cards` are those in force, by performer, `cues` those given in it.
    """

    scene: int
    number: int
    called_at: float
    started_at: float
    ended_at: float = math.inf
    ended_by: str = ""
    cards: dict[UserId, Card] = field(default_factory=dict[UserId, Card])
    cues: dict[UserId, Cue] = field(default_factory=dict[UserId, Cue])

    def __str__(self) -> str:
        return f"take {self.number} of scene {self.scene}"


class Story:
    """The cast's journal, read once. Users are accounts by id."""

    def __init__(self, log: Iterable[Entry]) -> None:
        self.kinds: dict[str, list[Entry]] = defaultdict(list)
        self._spoken: dict[UserId, list[float]] = defaultdict(list)
        self._late: list[float] = []
        self._wall_ahead = math.inf
        spurts: dict[tuple[UserId, int, int], tuple[float, int]] = {}
        for entry in log:
            self._wall_ahead = min(self._wall_ahead, entry["wall"] - entry["t"])
            if entry["kind"] == "frame_sent":
                self._take_frame(entry, spurts)
            else:
                self.kinds[entry["kind"]].append(entry)
        self.takes = list(self._read_takes())

    def _take_frame(self, entry: Entry, spurts: dict[tuple[UserId, int, int], tuple[float, int]]) -> None:
        if not entry["silence"]:
            self._spoken[entry["user_id"]].append(entry["t"])
        spurt = (entry["user_id"], entry["ssrc"], entry["spurt"])
        began, count = spurts.get(spurt, (entry["t"], 0))
        spurts[spurt] = (began, count + 1)
        self._late.append(entry["t"] - began - count * 0.02)

    def wall_of(self, t: float) -> float:
        """Convert a moment to Unix time. Entries are written after their moment: the shortest delay counts."""
        return t + self._wall_ahead

    @property
    def frames_late_s(self) -> list[float]:
        """How late each frame was sent within its talk spurt, in seconds, in ascending order."""
        return sorted(self._late)

    @property
    def sights(self) -> Iterator[Sight]:
        """Everything that any person was shown."""
        for entry in self.kinds["message_seen"]:
            yield Sight(entry["user_id"], entry["message_id"], entry["text"], entry["is_ephemeral"])
        for entry in self.kinds["form_seen"]:
            yield Sight(entry["user_id"], None, f"{entry['title']}\n{entry['text']}", True)

    @property
    def cards(self) -> list[Card]:
        """Every card that was read, including those of a deal that was replaced."""
        return [
            Card(one["user_id"], one["scene"], one["emotion"], one["role"], one["message_id"], one["t"])
            for one in self.kinds["card_read"]
        ]

    @property
    def scenes(self) -> list[int]:
        """The scenes that were dealt, each once."""
        return sorted({entry["scene"] for entry in self.kinds["scene_dealt"]})

    def dealt_at(self, scene: int, before: float = math.inf) -> float:
        """Return when a scene was last dealt before a moment."""
        return max(one["t"] for one in self.kinds["scene_dealt"] if one["scene"] == scene and one["t"] < before)

    def cards_in_force(self, scene: int, at: float = math.inf) -> dict[UserId, Card]:
        """Return each performer's card of a scene at a moment: the last they read since its last deal."""
        dealt_at = self.dealt_at(scene, at)
        return {card.user_id: card for card in self.cards if card.scene == scene and dealt_at <= card.at < at}

    def spoke(self, user_id: UserId, since: float, until: float) -> int:
        """Return how many frames of sound a user sent between two moments."""
        times = self._spoken[user_id]
        return max(bisect_left(times, until) - bisect_left(times, since), 0)

    def in_channel(self, at: float) -> set[UserId]:
        """Return who was in the voice channel at a moment."""
        there: set[UserId] = set()
        for entry in sorted(self.kinds["joined_voice"] + self.kinds["left_voice"], key=lambda one: one["t"]):
            if entry["t"] <= at:
                (there.add if entry["kind"] == "joined_voice" else there.discard)(entry["user_id"])
        return there

    def absences(self, take: TakePlayed) -> list[tuple[UserId, float, float]]:
        """Return who of those on stage left during a take: when, and when they came back or the take ended."""
        found: list[tuple[UserId, float, float]] = []
        for left in self.kinds["left_voice"]:
            if left["user_id"] in take.cards and take.started_at <= left["t"] < take.ended_at:
                user, gone = left["user_id"], left["t"]
                back = [one["t"] for one in self.kinds["joined_voice"] if one["user_id"] == user and one["t"] > gone]
                found.append((user, gone, min(back, default=take.ended_at)))
        return found

    def struck(self) -> set[tuple[int, int]]:
        """Return the takes (scene, number) that are struck at the end. An X-card strikes all takes of its scene."""
        stopped = {one["scene"] for one in self.kinds["x_card_pressed"]}
        struck = {(one["scene"], one["take"]) for one in self.kinds["take_called"] if one["scene"] in stopped}
        for entry in sorted(self.kinds["take_struck"] + self.kinds["take_taken_back"], key=lambda one: one["t"]):
            (struck.add if entry["kind"] == "take_struck" else struck.discard)((entry["scene"], entry["take"]))
        return struck

    def _read_takes(self) -> Iterator[TakePlayed]:
        for called in self.kinds["take_called"]:
            scene, number, at = called["scene"], called["take"], called["t"]
            take = TakePlayed(scene, number, at, at + called["countdown_seconds"])
            for kind, by in (("take_cut", "coordinator"), ("x_card_pressed", "x_card")):
                for end in self.kinds[kind]:
                    if (end["scene"], end["take"]) == (scene, number):
                        take.ended_at, take.ended_by = end["t"], by
            take.cards = self.cards_in_force(scene, at)
            take.cues = {cue.user_id: cue for cue in self._read_cues(scene, number)}
            yield take

    def _read_cues(self, scene: int, take: int) -> Iterator[Cue]:
        def of_take(kind: str, user: UserId | None = None) -> list[Entry]:
            entries = [one for one in self.kinds[kind] if (one["scene"], one["take"]) == (scene, take)]
            return [one for one in entries if user is None or one["user_id"] == user]

        for user in sorted({one["user_id"] for one in of_take("cue_told")}):
            told = of_take("cue_told", user)
            first = {way: min((one["t"] for one in told if one["way"] == way), default=None) for way in ("card", "dm")}
            yield Cue(
                user,
                scene,
                take,
                told[0]["emotion"],
                tuple(one["message_id"] for one in told),
                first["card"],
                first["dm"],
                min((one["t"] for one in of_take("cue_acknowledged", user)), default=None),
                len(of_take("cue_asked", user)),
                next((one["answer"] for one in of_take("cue_answered", user)), None),
            )
