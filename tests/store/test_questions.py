"""The questions in `docs/reference.md`: each query answers as Python does, over an evening of real files."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.consent import TO_PERFORM, Scope
from bot.domain.cues import Shift
from bot.domain.ids import PersonId
from bot.domain.states import CueBasis, TargetClaim
from bot.samples import SAMPLE_RATE_HZ
from bot.services.facts.library import Library
from bot.statistics.consensus import majority
from bot.store.exporting import read_snapshot
from bot.store.materials import keep_emotion_set
from bot.store.snapshot import Snapshot
from tools.synthetic.session import GUILD_ID, NOW, PERFORMER_SCOPES, Troupe, open_troupe, play_evening

DATA = Path(__file__).parents[2] / "data"
PAGE = DATA.with_name("docs").joinpath("reference.md").read_text("utf-8")
QUESTIONS = dict(re.findall(r"^### ([^\n]+\?)\n\n```sql\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL))

Answer = list[tuple[Any, ...]]
WANTED = 4
UNSHIFTED = Shift(CueBasis.NOT_SEEN, None, None)


@pytest.fixture
async def troupe(tmp_path: Path) -> AsyncIterator[Troupe]:
    """Two sessions.

    With a shift, an unanswered cue, an emotion without degrees, a struck take, a withdrawal and turns that overlap.
    """
    troupe = await open_troupe(tmp_path / "home")
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(3)]
    audience = [await troupe.add_person(Scope.PEER_RATING) for _ in range(2)]
    for _ in range(2):
        await play_evening(troupe, performers, audience)
    await troupe.withdraw(performers[2], Scope.STORE_AND_REVIEW)
    async with troupe.database.transaction() as tx:
        dealt_from = await keep_emotion_set(tx, Library(DATA).emotion_set("basic"))
        for sql in (
            f"UPDATE scenes SET emotion_set_sha256 = '{dealt_from}' WHERE session_id = 1",
            f"UPDATE sessions SET ratings_wanted = {WANTED} WHERE session_id = 1",
            "UPDATE castings SET target_emotion = 'neutral', target_intensity = 1 WHERE casting_id IN (1, 8)",
            "UPDATE castings SET second_emotion = 'pride', second_intensity = NULL WHERE casting_id = 2",
            "INSERT INTO cues (take_id, casting_id, cause, position_samples) VALUES (1, 2, 'time', 40000)",
            "INSERT INTO cues (take_id, casting_id, cause, position_samples, card_sent_samples) "
            "SELECT take_id, casting_id, 'time', 40000, 40000 FROM takes JOIN castings USING (scene_id) "
            "WHERE take_id = 3 ORDER BY casting_id LIMIT 1",
            f"UPDATE takes SET struck_at = '{NOW}' WHERE take_id = 4",
            "UPDATE turns SET start_samples = 100000 WHERE turn_id IN (2, 5)",
            "DELETE FROM trials WHERE turn_id = 3 AND rater_id > 2",
        ):
            await tx.execute(sql)
    yield troupe
    await troupe.database.close()


class Told:
    """The snapshot that an export reads, and what its rows refer to."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.takes = {take.take_id: take for take in snapshot.takes}
        self.scenes = {scene.scene_id: scene for scene in snapshot.scenes}
        self.tracks = {track.track_id: track for track in snapshot.tracks}
        self.turns = {turn.turn_id: turn for turn in snapshot.turns}
        self.castings = {(one.scene_id, one.person_id): one for one in snapshot.castings}
        self.shifts = {(cue.take_id, cue.casting_id): cue.times.shift for cue in snapshot.cues}
        self.kept = [track for track in snapshot.tracks if self.takes[track.take_id].struck_at is None]
        heard: defaultdict[int, list[str]] = defaultdict(list)
        for rating in snapshot.ratings:
            heard[rating.turn_id].append(rating.perceived_emotion)
        self.heard = {turn: heard[turn] for turn in self.turns}

    def name(self, person_id: PersonId) -> str:
        return self.snapshot.pseudonyms[person_id]

    def session(self, take_id: Any) -> int:
        return self.scenes[self.takes[take_id].scene_id].session_id

    def label(self, turn_id: Any) -> str | None:
        labels = self.heard[turn_id]
        return majority(labels)[0] if len(labels) >= 3 else None

    def kept_turns(self) -> list[Any]:
        kept = {track.track_id for track in self.kept}
        return [turn for turn in self.snapshot.turns if turn.track_id in kept]


def degree(emotion: str | None, intensity: int | None) -> int | None:
    return None if emotion == "neutral" else intensity


def who_consents(told: Told) -> Answer:
    scopes = {person: scopes for (_, person), scopes in told.snapshot.scopes.items()}
    return [(GUILD_ID, told.name(person), str(scope)) for person, held in scopes.items() for scope in held]


def minutes_to_export(told: Told) -> Answer:
    samples: Counter[int] = Counter()
    for track in told.kept:
        session = told.session(track.take_id)
        if told.snapshot.scopes[session, track.person_id] >= TO_PERFORM:  # type: ignore[index]
            samples[session] += track.duration_samples
    return [(session, total / SAMPLE_RATE_HZ / 60) for session, total in samples.items()]


def who_was_to_play_what(told: Told) -> Answer:
    rows: Answer = []
    for track in told.kept:
        take = told.takes[track.take_id]
        scene = told.scenes[take.scene_id]
        part = told.castings[scene.scene_id, track.person_id]
        place = (scene.session_id, scene.number, take.number, told.name(track.person_id))
        shift, end = told.shifts.get((take.take_id, part.casting_id), UNSHIFTED), track.duration_samples
        until = end if shift.first_until_samples is None else shift.first_until_samples
        again = end if shift.second_from_samples is None else shift.second_from_samples
        first = degree(part.target_emotion, part.target_intensity)
        rows.append((*place, part.target_emotion, first, until / SAMPLE_RATE_HZ))
        if until < again:
            rows.append((*place, None, None, (again - until) / SAMPLE_RATE_HZ))
        if again < end:
            rows.append((*place, part.second_emotion, part.second_intensity, (end - again) / SAMPLE_RATE_HZ))
    return rows


def cues_by_basis(told: Told) -> Answer:
    kept = {track.take_id for track in told.kept}
    bases = Counter((told.session(take), shift.basis) for (take, _), shift in told.shifts.items() if take in kept)
    return [(*key, cues) for key, cues in bases.items()]


def who_was_dealt_no_degree(told: Told) -> Answer:
    return [
        (part.scene_id, told.name(part.person_id), "neutral")
        for part in told.snapshot.castings
        if "neutral" in (part.target_emotion, part.second_emotion)
    ]


def target_of(told: Told, turn: Any) -> str | None:
    track = told.tracks[turn.track_id]
    part = told.castings[told.takes[track.take_id].scene_id, track.person_id]
    claim = told.shifts.get((track.take_id, part.casting_id), UNSHIFTED).claim_at(turn.start_samples)
    return {TargetClaim.FIRST: part.target_emotion, TargetClaim.SECOND: part.second_emotion}.get(claim)


def seconds_by_target(told: Told) -> Answer:
    samples: Counter[tuple[Any, ...]] = Counter()
    for turn in told.kept_turns():
        key = (told.name(told.tracks[turn.track_id].person_id), target_of(told, turn))
        samples[key] += turn.end_samples - turn.start_samples
    return [(*key, total / SAMPLE_RATE_HZ) for key, total in samples.items()]


def what_raters_heard(told: Told) -> Answer:
    return [
        (turn, len(labels), *(majority(labels) if len(labels) >= 3 else (None, None)))
        for turn, labels in told.heard.items()
        if labels
    ]


def named_by_raters(told: Told) -> Answer:
    ratings = told.snapshot.ratings
    times = Counter((told.name(one.rater_id), one.is_partner, one.perceived_emotion) for one in ratings)
    return [(*key, number) for key, number in times.items()]


def heard_as(told: Told) -> Answer:
    labels = ((target_of(told, turn), told.label(turn.turn_id)) for turn in told.snapshot.turns)
    return [(*pair, times) for pair, times in Counter(labels).items() if pair[1]]


def felt_and_heard(told: Told) -> Answer:
    labels = ((rating.felt_emotion, told.label(rating.turn_id)) for rating in told.snapshot.self_ratings)
    return [(*pair, times) for pair, times in Counter(labels).items() if pair[1]]


def still_to_rate(told: Told) -> Answer:
    rows = [
        (told.session(told.tracks[turn.track_id].take_id), turn.turn_id, len(told.heard[turn.turn_id]))
        for turn in told.kept_turns()
        if turn.is_for_rating
    ]
    return [row for row in rows if row[0] != 1 or row[2] < WANTED]


def who_talks_over_whom(told: Told) -> Answer:
    samples: Counter[tuple[str, str]] = Counter()
    turns = told.kept_turns()
    for earlier in turns:
        for later in turns:
            one, other = told.tracks[earlier.track_id], told.tracks[later.track_id]
            begins = (earlier.start_samples, earlier.turn_id) < (later.start_samples, later.turn_id)
            both = min(earlier.end_samples, later.end_samples) - later.start_samples
            if one.take_id == other.take_id and one.person_id != other.person_id and begins and both > 0:
                samples[told.name(other.person_id), told.name(one.person_id)] += both
    return [(*pair, total / SAMPLE_RATE_HZ) for pair, total in samples.items()]


ANSWERS: dict[str, Callable[[Told], Answer]] = {
    "Who consents to what, on which server?": who_consents,
    "How many minutes of each session may be exported?": minutes_to_export,
    "Who was to play what in which take, and for how many seconds?": who_was_to_play_what,
    "How many cues did performers acknowledge, remember or miss?": cues_by_basis,
    "Who was dealt an emotion without degrees?": who_was_dealt_no_degree,
    "How long did each performer speak under each target?": seconds_by_target,
    "What did raters hear, and how far do they agree?": what_raters_heard,
    "How often did each rater name each emotion, partners or not?": named_by_raters,
    "How often is each target heard as each emotion?": heard_as,
    "Do others hear what the performer felt?": felt_and_heard,
    "Which turns still need ratings?": still_to_rate,
    "Who talks over whom, and for how many seconds?": who_talks_over_whom,
}


def test_every_question_has_an_answer_here():
    assert list(QUESTIONS) == list(ANSWERS)


async def test_each_query_answers_its_question(troupe: Troupe):
    told = Told(read_snapshot(troupe.database.path, troupe.sessions))
    for question, answer in ANSWERS.items():
        rows = [tuple(row) for row in await troupe.database.fetch_all(QUESTIONS[question])]
        expected = answer(told)
        assert Counter(map(_rounded, rows)) == Counter(map(_rounded, expected)), question
        assert len(set(expected)) > 1, question


def _rounded(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Sums of seconds are the same in any order only up to their last digits."""
    return tuple(round(value, 9) if isinstance(value, float) else value for value in row)
