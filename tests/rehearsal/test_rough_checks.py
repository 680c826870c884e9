"""The checks of a rough evening: a take in which the bot was deafened, and what they say if one thing is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import TakeId, UserId
from bot.domain.states import CutReason, HoleCause
from bot.embedded.journal import Journal
from bot.home.places import Home
from bot.rehearsal.checking.claims import Case, Claim
from bot.rehearsal.checking.evidence import Evidence
from bot.rehearsal.checking.rough import (
    changes_are_on_the_panel,
    frames_are_kept,
    holes_have_their_causes,
    no_one_was_blamed,
)
from bot.rehearsal.checking.story import Story
from bot.store.records import Hole
from bot.wire.ogg_writer import OggOpusWriter
from tests.rehearsal.test_checker import ADA, BEN, SECOND, card, entry, seen, take, track

PACKETS = [b"\x78" + bytes([number]) * 40 for number in range(200)]
PER_SECOND = 20


@dataclass
class Rough:
    """Scene 1, called at 100 and begun at 103: Ada speaks throughout; from 106 to 108 a moderator deafens the bot."""

    folder: Path
    kept: Callable[[float], bool] = lambda at: not 106 <= at <= 108
    holes: list[Hole] = field(default_factory=lambda: [a_hole(3.0, 5.0)])
    shown: str = "A moderator has deafened the bot."
    told_seconds: float = 1.0

    def case(self) -> Case:
        log = [entry("scene_dealt", 90, scene=1), *card(ADA, 1, "joy", 91, 1), *card(BEN, 1, "anger", 91, 2)]
        log += [entry("take_called", 100, scene=1, take=1, countdown_seconds=3)]
        where = {"scene": 1, "take": 1}
        log += [entry("disturbed", 108, cause="deafened", **where, since=106.0, until=108.0, user_id=None)]
        log += [entry("panel_told", 107, what="Server Deafen", seconds=self.told_seconds)]
        log += [seen(ADA, 9, self.shown, 107), entry("take_cut", 113, **where)]
        left = replace(track(1, ADA), path="1/ada.opus")
        return Case(Story(log), Evidence([a_take()], [left], [], [], [], self.holes, [], []), {})

    def sent(self) -> list[tuple[float, bytes]]:
        return [(103 + number / PER_SECOND, packet) for number, packet in enumerate(PACKETS)]

    def frames(self) -> Claim:
        """Write the cast's journal and Ada's track, and check the frames."""
        logs, path = self.folder / "logs", Home(self.folder).track("1/ada.opus")
        for folder in (logs, path.parent):
            folder.mkdir(parents=True, exist_ok=True)
        writer = OggOpusWriter(serial=1)
        for _, packet in [one for one in self.sent() if self.kept(one[0])]:
            writer.add(packet, 960)
        path.write_bytes(writer.headers() + writer.finish())
        with Journal(logs / "cast.jsonl") as journal:
            for at, packet in self.sent():
                voice: dict[str, Any] = {"user_id": ADA, "ssrc": 1, "spurt": 1, "silence": False}
                journal.write("frame_sent", t=at, opus=packet.hex(), **voice)
        return frames_are_kept(self.folder, logs)(self.case())


def a_take() -> Any:
    return take(1, 1, 1, reason=CutReason.COORDINATOR)


def a_hole(start: float, end: float, cause: HoleCause = HoleCause.DEAFENED, person: UserId | None = None) -> Hole:
    return Hole(1, TakeId(1), cause, round(start * SECOND), round(end * SECOND), person)  # type: ignore[arg-type]


def test_an_evening_that_is_correct_is_true(tmp_path: Path):
    rough = Rough(tmp_path)
    claims = [check(rough.case()) for check in (holes_have_their_causes, changes_are_on_the_panel, no_one_was_blamed)]
    assert [claim.faults for claim in [*claims, rough.frames()]] == [[], [], [], []]
    assert all(claim.is_true for claim in claims)


def test_a_frame_that_is_lost_outside_every_hole_is_told(tmp_path: Path):
    claim = Rough(tmp_path, kept=lambda at: not 106 <= at <= 108 and at != 110).frames()
    assert claim.faults == [f"take 1 of scene 1: {ADA} lacks a frame sent 7.00 s into it"]


def test_a_hole_of_someone_else_excuses_no_frame(tmp_path: Path):
    assert Rough(tmp_path, holes=[a_hole(3.0, 5.0, person=BEN)]).frames().faults


@pytest.mark.parametrize(
    ("holes", "fault"),
    [
        ([], "no hole for deafened"),
        ([a_hole(3.0, 6.0)], "the end of deafened is off by 1000 ms"),
        ([a_hole(3.0, 5.0), a_hole(8.0, 8.5)], "a hole (deafened) at 8.00 s"),
        ([a_hole(3.0, 5.0, HoleCause.PAUSE)], "no hole for deafened"),
    ],
)
def test_holes_that_are_missing_late_or_unexplained_are_told(tmp_path: Path, holes: list[Hole], fault: str):
    assert fault in " ".join(holes_have_their_causes(Rough(tmp_path, holes=holes).case()).faults)


def test_a_panel_that_comes_late_is_told(tmp_path: Path):
    assert changes_are_on_the_panel(Rough(tmp_path, told_seconds=6.5).case()).faults


def test_a_performer_who_is_named_for_what_was_the_bots_is_told(tmp_path: Path):
    claim = no_one_was_blamed(Rough(tmp_path, shown=f"<@{ADA}>: no sound for 12 s").case())
    assert claim.faults == [f"deafened: <@{ADA}>: no sound"]
