"""The checks of what is around the scenes: a correct evening, and what they say if one thing in it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import TakeId
from bot.domain.states import (
    CalibrationPart,
    CalibrationPlace,
    CalibrationVoice,
    CutReason,
    ReplayMode,
    TakeKind,
)
from bot.embedded.journal import Journal
from bot.home.places import Home
from bot.rehearsal.checking.around_scenes import calibrations_are_kept, interludes_leave_nothing, replays_are_kept
from bot.rehearsal.checking.claims import Case, Claim
from bot.rehearsal.checking.evidence import Evidence, TakeLeft
from bot.rehearsal.checking.story import Story
from bot.wire.ogg_writer import OggOpusWriter
from tests.rehearsal.test_checker import ADA, BEN, card, casting, entry, seen, take, track

WORDS, PROMPT = "marker-of-debrief", "What did your voice do tonight?"
PLAYED = [b"\x78" + bytes([number]) * 40 for number in range(100)]
MARKED = [b"\x78" + bytes([number]) * 50 for number in range(20)]


def a_log() -> list[dict[str, Any]]:
    """Ada reads the passage in her own voice; then she and Ben play a scene, and play it again with other emotions."""
    log = [entry("scene_dealt", 90, scene=901)]
    log += [entry("calibration_dealt", 90, scene=901, users=[ADA], text="")]
    log += [entry("card_read", 91, user_id=ADA, scene=901, message_id=9, emotion=None, role="reader")]
    for scene, called in ((901, 92), (1, 100), (2, 125)):
        if scene < 901:
            log += [entry("scene_dealt", called - 2, scene=scene)]
            log += [
                *card(ADA, scene, "joy", called - 1, scene * 10),
                *card(BEN, scene, "anger", called - 1, scene * 11),
            ]
        log += [entry("take_called", called, scene=scene, take=1, countdown_seconds=3)]
        log += [entry("take_cut", called + 5 if scene == 901 else called + 13, scene=scene, take=1)]
    log += [entry("scene_replayed", 120, scene=2, of=1, how="Other emotions")]
    log += [entry("interlude_begun", 150, interlude="Debrief", words=WORDS)]
    log += [seen(ADA, 99, f"{PROMPT}\n-# Only you see this. No one asks for an answer, and", 151, is_ephemeral=True)]
    log += [entry("debrief_read", 151, user_id=ADA, message_id=99)]
    log += [entry("interlude_over", 160, interlude="Debrief")]
    return log


def calibration() -> TakeLeft:
    kind = (TakeKind.CALIBRATION, CalibrationPart.PASSAGE, CalibrationVoice.OWN, CalibrationPlace.BEGINNING)
    names = ("kind", "calibration_part", "calibration_voice", "calibration_place")
    return replace(take(9, 901, 1, reason=CutReason.COORDINATOR), **dict(zip(names, kind, strict=True)))


def an_evidence() -> Evidence:
    again = {"kind": TakeKind.REPLAY, "replay_mode": ReplayMode.EMOTIONS, "replay_of": TakeId(1)}
    return Evidence(
        takes=[
            calibration(),
            take(1, 1, 1, reason=CutReason.COORDINATOR),
            replace(take(2, 2, 1, reason=CutReason.COORDINATOR), **again),
        ],
        tracks=[replace(track(9, ADA), path="9/ada.opus"), track(1, ADA), track(1, BEN), track(2, ADA), track(2, BEN)],
        castings=[
            replace(casting(901, ADA, "reader", "joy"), target_emotion=None),
            casting(1, ADA, "a cook", "joy", "fear"),
            casting(1, BEN, "a guest", "anger"),
            casting(2, ADA, "a cook", "anger", "sadness"),
            casting(2, BEN, "a guest", "fear"),
        ],
        cues=[],
        turns=[],
        holes=[],
        notes=[],
        events=[],
    )


def a_case(left: Evidence | None = None) -> Case:
    return Case(Story(a_log()), left or an_evidence(), {99: ADA})


def changed(table: str, place: int, **fields: Any) -> Evidence:
    """The evidence with other fields in one of its rows."""
    left = an_evidence()
    rows: list[Any] = list(getattr(left, table))
    rows[place] = replace(rows[place], **fields)
    return replace(left, **{table: rows})


def test_an_evening_that_is_correct_is_true(tmp_path: Path):
    for check in (calibrations_are_kept, replays_are_kept):
        claim = check(a_case())
        assert claim.faults == []
        assert claim.is_true
    claim = Left(tmp_path).claim()
    assert claim.faults == []
    assert claim.is_true


@pytest.mark.parametrize(
    ("left", "fault"),
    [
        (lambda: changed("takes", 0, kind=TakeKind.SCENE), "calibration 901 is a scene"),
        (lambda: changed("takes", 0, calibration_part=CalibrationPart.CHAT), "calibration 901 is kept as chat"),
        (
            lambda: changed("takes", 0, calibration_place=CalibrationPlace.END),
            "calibration 901 is kept as one at the end",
        ),
        (lambda: changed("takes", 0, calibration_voice=CalibrationVoice.CHARACTER), "the voices are wrong"),
        (lambda: changed("castings", 0, target_emotion="joy"), "calibration 901 has a target"),
        (lambda: changed("tracks", 0, discord_user_id=BEN), "calibration 901 has other tracks than those asked"),
        (lambda: changed("takes", 2, kind=TakeKind.CALIBRATION), "calibrations [2] are only on one side"),
    ],
)
def test_a_calibration_that_is_kept_wrongly_is_told(left: Callable[[], Evidence], fault: str):
    assert fault in " ".join(calibrations_are_kept(a_case(left())).faults)


@pytest.mark.parametrize(
    ("left", "fault"),
    [
        (lambda: changed("takes", 2, kind=TakeKind.SCENE), "replay 2 is scene"),
        (lambda: changed("takes", 2, replay_of=TakeId(9)), "replay 2 replays take 9, not 1"),
        (lambda: changed("castings", 3, role="a guest"), "has another role"),
        (
            lambda: changed("castings", 3, target_emotion="joy"),
            f"{ADA} felt ['fear', 'joy'], and now ['joy', 'sadness']",
        ),
        (lambda: changed("castings", 4, discord_user_id=ADA), "replay 2 has another cast"),
    ],
)
def test_a_replay_that_is_kept_wrongly_is_told(left: Callable[[], Evidence], fault: str):
    assert fault in " ".join(replays_are_kept(a_case(left())).faults)


@dataclass
class Left:
    """What the bot left in its home folder: Ada's track of the first scene, and a database."""

    folder: Path
    recorded: tuple[bytes, ...] = tuple(PLAYED)
    database: bytes = b"SQLite format 3"
    log: str = "A take began."

    def claim(self) -> Claim:
        home, logs = self.folder / "home", self.folder / "logs"
        path = Home(home).track("1/ada.opus")
        for folder in (logs, path.parent):
            folder.mkdir(parents=True, exist_ok=True)
        writer = OggOpusWriter(serial=1)
        for packet in self.recorded:
            writer.add(packet, 960)
        path.write_bytes(writer.headers() + writer.finish())
        (home / "promptbook.sqlite3").write_bytes(self.database)
        (logs / "bot.log").write_text(self.log, "utf-8")
        with Journal(logs / "cast.jsonl") as journal:
            for first, packets in ((104.0, PLAYED), (152.0, MARKED)):
                for number, packet in enumerate(packets):
                    voice: dict[str, Any] = {"user_id": ADA, "ssrc": 1, "spurt": 1, "silence": False}
                    journal.write("frame_sent", t=first + number / 50, opus=packet.hex(), **voice)
        return interludes_leave_nothing(home, logs)(a_case())


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"recorded": (*PLAYED, MARKED[3])}, "a frame that 11 sent in an interlude is kept"),
        ({"database": b"..." + MARKED[3] + b"..."}, "a frame that 11 sent in an interlude is kept"),
        ({"database": WORDS.encode()}, f"“{WORDS}” is kept"),
        ({"log": f"Shown: {PROMPT}"}, f"“{PROMPT}” is kept"),
        # A search that finds nothing at all proves nothing.
        ({"recorded": tuple(PLAYED[:50])}, "of 100 frames of takes, 50 were found"),
    ],
)
def test_what_is_left_of_an_interlude_is_told(tmp_path: Path, wrong: dict[str, Any], fault: str):
    assert fault in " ".join(Left(tmp_path, **wrong).claim().faults)
