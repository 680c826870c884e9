"""The views: each says what the same rule says in Python, on a real SQLite."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consent import Action
from bot.domain.consent_terms import Representation, Scope
from bot.domain.cues import CueTimes, Shift
from bot.domain.ids import GuildId
from bot.domain.permission import Use, Wanted, permits
from bot.domain.standing import ConsentEvent, standings
from bot.domain.states import CueAnswer, CueBasis, TargetClaim
from bot.samples import Span
from bot.statistics.consensus import majority
from bot.store.exporting import WHO_PLAYED_WHAT_SQL
from bot.store.records import ConsentRow
from tests.store.random_store import EMOTIONS, RandomStore

PAGE = (Path(__file__).parents[2] / "docs" / "reference.md").read_text("utf-8")

_KNOWN_GUILDS = (5, 6)
guilds = st.sampled_from([None, 0, *_KNOWN_GUILDS])
_SCOPES = (Scope.RECORD, Scope.SHARE_WITH_CLIENT, Scope.VOICE_CLONE_REPLICA)
_TERMS: dict[str, st.SearchStrategy[Any]] = {
    "recipients": st.sampled_from([None, "[]", '["Acme"]']),
    "ends_at": st.sampled_from([None, "2001", "2999"]),
    "uses": st.sampled_from([None, " ", "one game"]),
    "represented_by": st.sampled_from([None, *Representation]),
}
_columns: dict[str, st.SearchStrategy[Any]] = {
    "guild_id": guilds,
    "scope": st.sampled_from(_SCOPES),
    "action": st.sampled_from(Action),
    "happened_at": st.sampled_from(["2026-01", "2026-02", "2026-03"]),
    "covers_earlier": st.sampled_from([0, 0, 1]),
    **_TERMS,
}


def _only_grants_cover_earlier(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"covers_earlier": int(row["action"] == "grant" and row["covers_earlier"])}


def _in_order(log: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(log, key=lambda row: row["happened_at"])


_events = st.fixed_dictionaries(_columns).map(_only_grants_cover_earlier)
logs = st.lists(_events, max_size=12).map(_in_order)
NOW = "2026-11"


@pytest.fixture(params=range(4))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RandomStore]:
    store = RandomStore(tmp_path / "random.sqlite3", request.param)
    yield store
    store.connection.close()


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RandomStore]:
    """A store with two servers, in which each example writes a log and takes it back."""
    store = RandomStore(tmp_path_factory.mktemp("known") / "known.sqlite3", 1)
    store.connection.commit()
    yield store
    store.connection.close()


def event(row: dict[str, Any]) -> ConsentEvent:
    rest: dict[str, Any] = dict.fromkeys(("consent_event_id", "person_id", "text_version", "text_sha256", "locale"), "")
    words: dict[str, Any] = {"scope": Scope(row["scope"]), "action": Action(row["action"])}
    return ConsentRow(**rest | row | words).event


@given(logs, logs)
def test_consents_are_in_force_by_the_rule_of_the_domain(
    known: RandomStore, log: list[dict[str, Any]], other: list[dict[str, Any]]
):
    people = {11: log, 12: other}
    for person, events in people.items():
        known.connection.execute(f"INSERT INTO people VALUES ({person}, {person}, 'spk_{person}', '')")
        for row in events:
            known.add("consent_events", person_id=person, text_version="", text_sha256="", locale="", **row)
    found = known.rows("SELECT * FROM consents_in_force WHERE person_id > 10")
    known.connection.rollback()
    assert {(row["person_id"], row["guild_id"], row["scope"]): row["withdrawn_until"] for row in found} == {
        (person, guild, scope): standing.withdrawn_until
        for person, events in people.items()
        for guild in _KNOWN_GUILDS
        for scope, standing in standings(map(event, events), GuildId(guild)).items()
        if standing.refusal(None, NOW) is None
    }
    assert len({(row["person_id"], row["guild_id"], row["scope"]) for row in found}) == len(found)


def test_a_server_is_known_by_its_sessions_settings_decks_and_grants(known: RandomStore):
    write = known.connection.execute
    write("INSERT INTO people VALUES (11, 11, 'spk_11', '')")
    write("INSERT INTO guild_settings (guild_id) VALUES (7)")
    write("INSERT INTO guild_decks VALUES (8, 'deck', '', '')")
    columns = "(person_id, guild_id, scope, action, text_version, text_sha256, locale, happened_at)"
    for person, guild in ((11, "NULL"), (1, 9)):
        write(f"INSERT INTO consent_events {columns} VALUES ({person}, {guild}, 'recontact', 'grant', '', '', '', '')")
    found = known.rows("SELECT person_id, guild_id FROM consents_in_force WHERE scope = 'recontact'")
    known.connection.rollback()
    assert sorted(map(tuple, map(dict.values, found))) == [(1, 9), *((11, guild) for guild in (5, 6, 7, 8, 9))]


def kept_takes(store: RandomStore) -> dict[int, dict[str, Any]]:
    takes = store.rows(
        "SELECT takes.*, sessions.* FROM takes JOIN scenes USING (scene_id) JOIN sessions USING (session_id)"
    )
    return {take["take_id"]: take for take in takes if take["state"] == "cut" and take["struck_at"] is None}


def test_takes_are_kept_unless_they_are_void_or_struck(store: RandomStore):
    kept = kept_takes(store)
    assert {row["take_id"] for row in store.rows("SELECT * FROM kept_takes")} == kept.keys()
    assert 0 < len(kept) < store.rows("SELECT count(*) AS takes FROM takes")[0]["takes"]


def test_tracks_are_exportable_if_the_take_is_kept_and_the_performer_permits_it(store: RandomStore):
    logs: defaultdict[int, list[ConsentEvent]] = defaultdict(list)
    for row in store.rows("SELECT * FROM consent_events ORDER BY consent_event_id"):
        logs[row["person_id"]].append(event(row))
    kept, expected, consenting = kept_takes(store), set[int](), set[int]()
    for track in store.rows("SELECT * FROM tracks"):
        if take := kept.get(track["take_id"]):
            log, guild = logs[track["person_id"]], GuildId(take["guild_id"])
            if permits(log, Wanted(Use.EXPORT, take["called_at"]), guild, [], NOW):
                expected.add(track["track_id"])
            if permits(log, Wanted(Use.EXPORT), guild, [], NOW):
                consenting.add(track["track_id"])
    rows = store.rows("SELECT * FROM exportable_tracks")
    assert {row["track_id"] for row in rows} == expected
    assert len(rows) == len(expected)
    # Some consent again, and what was recorded before they withdrew stays out.
    assert expected <= consenting


def parts(store: RandomStore) -> Iterator[dict[str, Any]]:
    """Yield the tracks of performers with a part in a scene, each with its cue, if one was sent."""
    yield from store.rows(
        "SELECT track_id, tracks.take_id, castings.*, emotion_set_sha256, tracks.duration_samples AS duration, "
        "position_samples, card_sent_samples, dm_sent_samples, acknowledged_samples, answer "
        "FROM tracks JOIN takes USING (take_id) JOIN scenes USING (scene_id) "
        "JOIN castings ON castings.scene_id = takes.scene_id AND castings.person_id = tracks.person_id "
        "LEFT JOIN cues ON cues.take_id = takes.take_id AND cues.casting_id = castings.casting_id "
        "WHERE scenes.kind <> 'calibration'"
    )


_TIMES = ("position_samples", "card_sent_samples", "dm_sent_samples", "acknowledged_samples")
NEVER = Shift(CueBasis.NOT_SEEN, None, None)


def shift_of(part: dict[str, Any]) -> Shift:
    """What the cue of a part did, by the rule of the domain; without a cue, the first target stays."""
    if part["position_samples"] is None:
        return NEVER
    answer = part["answer"] and CueAnswer(part["answer"])
    return CueTimes(*(part[name] for name in _TIMES), answer=answer).shift


def target_at(part: dict[str, Any], position: int) -> tuple[str, str | None, int | None]:
    """What is claimed of a performer at a moment, by their card and what is known of their cue."""
    claim = shift_of(part).claim_at(position)
    if claim is TargetClaim.UNCERTAIN:
        return claim, None, None
    which = "second" if claim is TargetClaim.SECOND else "target"
    emotion, intensity = part[f"{which}_emotion"], part[f"{which}_intensity"]
    plain = {"neutral", "numb"} if part["emotion_set_sha256"] else {"neutral"}
    return claim, emotion, None if emotion in plain else intensity


def test_a_cue_shifts_a_target_by_the_rule_of_the_domain(store: RandomStore):
    shifts = {row["cue_id"]: row for row in store.rows("SELECT * FROM cue_shifts")}
    cues = {row["cue_id"]: row for row in store.rows("SELECT * FROM cues")}
    assert shifts.keys() == cues.keys()
    for cue_id, row in shifts.items():
        shift, cue = shift_of(cues[cue_id]), cues[cue_id]
        assert (row["basis"], row["sent_samples"]) == (shift.basis, cue["position_samples"])
        assert (row["first_until_samples"], row["second_from_samples"]) == (
            shift.first_until_samples,
            shift.second_from_samples,
        )


def test_random_cues_are_of_every_basis(tmp_path: Path):
    found: set[str] = set()
    for seed in range(4):
        store = RandomStore(tmp_path / f"{seed}.sqlite3", seed)
        found |= {row["basis"] for row in store.rows("SELECT basis FROM cue_shifts")}
        store.connection.close()
    assert found == set(CueBasis)


def test_targets_are_in_force_from_the_start_or_the_cue_until_the_cue_or_the_end(store: RandomStore):
    expected: Counter[tuple[Any, ...]] = Counter()
    for part in parts(store):
        end, shift = part["duration"], shift_of(part)
        moments = (shift.first_until_samples, shift.second_from_samples)
        bounds = [end if moment is None else min(moment, end) for moment in moments]
        stretches = [(start, until) for start, until in pairwise([0, *bounds, end]) if start < until]
        for start, until in stretches:
            expected[part["track_id"], part["casting_id"], *target_at(part, start), start, until] += 1
    columns = "track_id, casting_id, claim, target_emotion, target_intensity, from_samples, until_samples"
    assert Counter(tuple(row.values()) for row in store.rows(f"SELECT {columns} FROM targets")) == expected
    assert {row["performer"] for row in store.rows("SELECT performer FROM targets")} <= {f"spk_{n}" for n in range(6)}


def test_a_turn_has_the_target_that_was_in_force_when_it_began(store: RandomStore):
    expected: set[tuple[Any, ...]] = set()
    turns = store.rows("SELECT * FROM turns")
    for part in parts(store):
        for turn in turns:
            if turn["track_id"] == part["track_id"]:
                until = shift_of(part).claim_ends_in(Span(turn["start_samples"], turn["end_samples"]))
                target = target_at(part, turn["start_samples"])
                expected.add((turn["turn_id"], part["casting_id"], *target, until))
    columns = "turn_id, casting_id, claim, target_emotion, target_intensity, target_until_samples"
    rows = store.rows(f"SELECT {columns} FROM turn_targets")
    assert {tuple(row.values()) for row in rows} == expected
    assert len(rows) == len(expected)
    assert {row["target_emotion"] for row in rows} == {*EMOTIONS, None}
    assert {row["claim"] for row in rows} == set(TargetClaim)
    assert {True, False} == {row["target_until_samples"] is None for row in rows}


def test_the_readmes_query_has_the_target_of_each_turn(store: RandomStore):
    told = {
        (row["session"], row["scene"], row["take"], row["performer"], row["turn"]): (
            row["target_emotion"],
            row["target_intensity"],
        )
        for row in store.rows(WHO_PLAYED_WHAT_SQL)
        if row["turn"]
    }
    assert told == {
        (row["session_id"], row["scene"], row["take"], row["pseudonym"], row["number"]): (
            row["target_emotion"],
            row["target_intensity"],
        )
        for row in store.rows(
            "SELECT * FROM turn_targets JOIN kept_takes USING (take_id) JOIN people USING (person_id) "
            "JOIN turns USING (turn_id) WHERE is_for_rating"
        )
    }


def answers(store: RandomStore) -> dict[int, list[str]]:
    given: defaultdict[int, list[str]] = defaultdict(list)
    for rating in store.rows("SELECT * FROM ratings"):
        given[rating["turn_id"]].append(rating["perceived_emotion"])
    return given


def test_a_turn_is_heard_as_most_raters_heard_it_if_there_are_three(store: RandomStore):
    given = answers(store)
    expected: dict[int, tuple[int, str | None, float | None]] = {}
    for turn in store.rows("SELECT * FROM turns"):
        labels = given.get(turn["turn_id"], [])
        emotion, agreement = majority(labels) if len(labels) >= 3 else (None, None)
        expected[turn["turn_id"]] = (len(labels), emotion, agreement)
    rows = store.rows("SELECT turn_id, raters, perceived_emotion, agreement FROM perceived_labels")
    assert [tuple(row.values()) for row in rows] == [(turn, *label) for turn, label in expected.items()]
    assert {"no_agreement", "anger", None} < {row["perceived_emotion"] for row in rows}


def test_a_turn_has_enough_ratings_if_it_has_as_many_as_the_session_wanted(store: RandomStore):
    given, kept = answers(store), kept_takes(store)
    wanted = {row["session_id"]: row["ratings_wanted"] for row in store.rows("SELECT * FROM sessions")}
    expected = {
        turn["turn_id"]
        for turn in store.rows("SELECT turns.*, take_id FROM turns JOIN tracks USING (track_id)")
        if turn["is_for_rating"] and (take := kept.get(turn["take_id"]))
        if (least := wanted[take["session_id"]]) is not None and len(given.get(turn["turn_id"], [])) >= least
    }
    assert {row["turn_id"] for row in store.rows("SELECT * FROM enough_ratings")} == expected


def test_speakers_overlap_where_turns_of_two_people_in_a_take_do(store: RandomStore):
    turns = store.rows("SELECT turns.*, take_id, person_id FROM turns JOIN tracks USING (track_id) ORDER BY turn_id")
    expected: list[tuple[int, ...]] = []
    for one, other in combinations(turns, 2):
        start, end = max(one["start_samples"], other["start_samples"]), min(one["end_samples"], other["end_samples"])
        if one["take_id"] == other["take_id"] and one["person_id"] != other["person_id"] and start < end:
            first, second = sorted((one, other), key=lambda turn: (turn["start_samples"], turn["turn_id"]))
            speakers = (first["person_id"], second["person_id"])
            expected.append((one["take_id"], first["turn_id"], second["turn_id"], *speakers, start, end))
    columns = "take_id, earlier_turn_id, later_turn_id, earlier_person_id, later_person_id, start_samples, end_samples"
    rows = [tuple(row.values()) for row in store.rows(f"SELECT {columns} FROM speaker_overlaps")]
    assert sorted(rows) == sorted(expected)


def test_overlaps_are_looked_up_by_where_turns_start(store: RandomStore):
    plan = [row["detail"] for row in store.rows("EXPLAIN QUERY PLAN SELECT * FROM speaker_overlaps")]
    assert any("turns_by_start" in step and "start_samples>" in step for step in plan), plan


def test_every_view_is_described(store: RandomStore):
    (section,) = re.findall(r"^## Views of the database\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    described = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    assert described == {row["name"] for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'view'")}
    queries = "".join(re.findall(r"```sql\n(.*?)```", section, re.DOTALL))
    assert all(re.search(rf"\b{view}\b", queries) for view in described)
