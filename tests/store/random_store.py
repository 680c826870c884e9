"""A store with random sessions: every state of takes, cues anywhere, people without parts, turns that overlap."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from bot.store.migrating import migrate

EMOTIONS = ("anger", "joy", "neutral", "numb")
SET = {"emotions": [{"key": key, "has_degrees": key not in ("neutral", "numb")} for key in EMOTIONS]}
"""An emotion set of a troupe: here, two emotions have no degrees."""

DURATION = 480_000
GUILDS = (5, 6)
PEOPLE = range(1, 6)


class RandomStore:
    """Rows in every table that the views read, each with random facts."""

    def __init__(self, path: Path, seed: int) -> None:
        migrate(path, path.parent)
        self.connection = sqlite3.connect(path)
        self.connection.row_factory = sqlite3.Row
        self._random = Random(seed)
        self.add("materials", sha256="a" * 64, kind="emotion_set", name="shades", content=json.dumps(SET))
        for person in PEOPLE:
            self.add("people", person_id=person, discord_user_id=person, pseudonym=f"spk_{person}", created_at="")
        self._minute = self._trials = 0
        for _ in range(60):
            self._consent()
        for session in range(1, 5):
            self._session(session)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Return the rows of a query by the names of their columns."""
        return [dict(row) for row in self.connection.execute(sql)]

    def _consent(self) -> None:
        pick = self._random.choice
        self._minute += 1
        scope = pick(("record", "store_and_review", "peer_rating"))
        self.add(
            "consent_events",
            person_id=pick(PEOPLE),
            guild_id=pick((None, *GUILDS)),
            scope=scope,
            action=pick(("grant", "grant", "grant", "withdraw", "suspend", "resume", "expire")),
            **dict.fromkeys(("text_version", "text_sha256", "locale"), ""),
            happened_at=f"2026-{self._minute:03d}",
        )

    def _session(self, session: int) -> None:
        session_id = self.add(
            "sessions",
            guild_id=GUILDS[session % 2],
            voice_channel_id=9,
            coordinator_id=1,
            **dict.fromkeys(("deck", "instrument", "started_at", "ended_at"), ""),
            emotion_set="shades",
            seed=1,
            ratings_wanted=self._random.choice((None, 1, 3)),
        )
        for number in (1, 2):
            scene_id = self.add(
                "scenes",
                session_id=session_id,
                number=number,
                **dict.fromkeys(("prompt_id", "prompt_title", "prompt_text", "dealt_at"), ""),
                emotion_set_sha256=self._random.choice((None, "a" * 64)),
            )
            castings = {person: self._casting(scene_id, person) for person in self._random.sample(PEOPLE, 3)}
            for take in (1, 2):
                self._take(scene_id, take, castings)
        self._calibration(session_id)

    def _calibration(self, session_id: int) -> None:
        """Add a part of a calibration: those who are in it have no target."""
        scene_id = self.add(
            "scenes",
            session_id=session_id,
            number=901,
            **dict.fromkeys(("prompt_id", "prompt_title", "prompt_text", "dealt_at"), ""),
            kind="calibration",
            calibration_part="chat",
            calibration_voice="own",
            calibration_place="beginning",
        )
        people = self._random.sample(PEOPLE, 2)
        for person in people:
            self.add("castings", scene_id=scene_id, person_id=person, role="speaker")
        self._take(scene_id, 1, dict.fromkeys(people))

    def _casting(self, scene_id: int, person: int) -> int:
        first, second = self._random.sample(EMOTIONS, 2)
        return self.add(
            "castings",
            scene_id=scene_id,
            person_id=person,
            role="a baker",
            target_emotion=first,
            target_intensity=self._random.randint(1, 3),
            second_emotion=second,
            second_intensity=self._random.choice((None, 1, 2, 3)),
        )

    def _take(self, scene_id: int, number: int, castings: Mapping[int, int | None]) -> None:
        """Add a take with its tracks. No cue is sent to those whose casting is None."""
        pick = self._random.choice
        take_id = self.add(
            "takes",
            scene_id=scene_id,
            number=number,
            state=pick(("cut", "cut", "cut", "void")),
            called_at=f"2026-{self._random.randint(0, 60):03d}",
            struck_at=pick((None, None, "")),
        )
        stranger = next(person for person in PEOPLE if person not in castings)
        for person, casting_id in [*castings.items(), (stranger, None)]:
            track_id = self.add(
                "tracks",
                take_id=take_id,
                person_id=person,
                path=f"{take_id}/{person}",
                duration_samples=DURATION,
                **dict.fromkeys(("received_frames", "concealed_frames", "speech_samples"), 0),
            )
            if casting_id and (cue := pick((None, 0, 100, 101, 240_000, DURATION, DURATION + 1))) is not None:
                self._cue(take_id, casting_id, cue)
            self._turns(track_id)

    def _cue(self, take_id: int, casting_id: int, position: int) -> None:
        """Add a cue of an earlier version, or one that was sent in either way and that may have been seen."""
        pick = self._random.choice
        later = [None, position, position + 1, position + 48_000, position + 240_000]
        is_old = pick((True, False, False, False))
        card, dm = (None, None) if is_old else pick(((position, None), (None, position), (position, pick(later))))
        self.add(
            "cues",
            take_id=take_id,
            casting_id=casting_id,
            cause="time",
            position_samples=position,
            card_sent_samples=card,
            dm_sent_samples=dm,
            acknowledged_samples=None if is_old else pick((None, None, *later)),
            answer=None if is_old else pick((None, "saw", "not_seen", "unsure")),
        )

    def _turns(self, track_id: int) -> None:
        # Few positions, so that turns of several tracks begin or end together, or where a cue was told.
        bounds = sorted(self._random.sample((0, 100, 101, 48_000, 96_000, 240_000, 240_001, 300_000, DURATION), 6))
        for number, (start, end) in enumerate(zip(bounds[::2], bounds[1::2], strict=True), 1):
            turn_id = self.add(
                "turns",
                track_id=track_id,
                number=number,
                start_samples=start,
                end_samples=end,
                clip_start_samples=start,
                clip_end_samples=end,
                is_for_rating=self._random.randint(0, 1),
                found_by="voice",
                method="silero-1",
            )
            for rater in self._random.sample(PEOPLE, self._random.randint(0, 5)):
                self._rating(turn_id, rater)

    def _rating(self, turn_id: int, rater: int) -> None:
        (session,) = self.connection.execute(
            "SELECT session_id FROM turns JOIN tracks USING (track_id) JOIN takes USING (take_id) "
            "JOIN scenes USING (scene_id) WHERE turn_id = ?",
            (turn_id,),
        ).fetchone()
        purpose = self._random.choice(("rating",) * 9 + ("repeat",))
        self._trials += 1
        trial_id = self.add(
            "trials",
            session_id=session,
            kind=self._random.choice(("turn",) * 9 + ("own",)),
            purpose=purpose,
            rater_id=rater,
            turn_id=turn_id,
            number=self._trials,
            token=f"t{self._trials}",
            **dict.fromkeys(("is_partner", "knew_prompt"), 0),
            answered_at=(answered_at := self._random.choice(("",) * 9 + (None,))),
        )
        if answered_at is not None:
            emotion = self._random.choice(("anger", "joy", "other") * 5 + ("bad_sound", "cannot_judge"))
            self.add("answers", trial_id=trial_id, item="emotion", value=emotion)
            if emotion not in ("bad_sound", "cannot_judge"):
                for item, value in {"intensity": 0, "valence": 1, "arousal": 1, "authenticity": 1}.items():
                    self.add("answers", trial_id=trial_id, item=item, value=value)

    def add(self, table: str, **columns: object) -> int:
        """Insert a row and return its id."""
        places = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
        return self.connection.execute(sql, list(columns.values())).lastrowid or 0
