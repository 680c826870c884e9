"""One whole rehearsal, as a newcomer runs it, compared with what its cast and its servers noted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from bot.audio.sound import encode_opus
from bot.home.places import Home
from bot.rehearsal.cast.parts import TONE_HZ, tone
from tests.modes import not_private
from tests.openapi import RequestBodies, description_path
from tools.ground_truth import FRAME_SAMPLES, RATE_HZ, SILENCES, Rehearsal, files_holding, is_subsequence, tone_share
from tools.turns.__main__ import score
from tools.turns.evening import convert
from tools.turns.finders import find_landed

EDGE_SECONDS = 0.1
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    home = tmp_path_factory.mktemp("rehearsal") / "home"
    done = subprocess.run(
        [sys.executable, "-m", "bot", "rehearse", "--home", str(home), "--seed", "11", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        umask=0,
    )
    assert done.returncode == 0, done.stderr
    rehearsal = Rehearsal(json.loads(done.stdout))
    with closing(rehearsal.database):
        yield rehearsal


def test_the_summary_names_paths_counts_and_cast(rehearsal: Rehearsal):
    told = rehearsal.told
    for name in ("home", "database", "dataset", "tracks"):
        assert Path(told[name]).exists()
    assert (told["counts"]["scenes"], told["counts"]["takes"], told["counts"]["tracks"]) == (2, 2, 8)
    assert told["counts"]["ratings"] == 2 * (4 * 3 + 4)
    assert [len(person["consents"]) > 0 for person in told["cast"]] == [True] * 5 + [False]
    assert all(len(person["id"]) == 18 and len(person["name"]) >= 10 for person in told["cast"])


def test_all_below_the_home_folder_is_private_and_nothing_half_made_is_left(rehearsal: Rehearsal):
    """The rehearsal was played under a umask that closes nothing."""
    home = Home(rehearsal.home)
    assert not_private(home.folder) == {}
    assert [*home.unfinished.glob("*"), *home.checks.glob("*")] == []
    assert [path.name for path in home.exports.iterdir()] == ["session-0001"]


def test_every_frame_of_a_take_is_in_its_track_in_order_byte_for_byte(rehearsal: Rehearsal):
    assert len(rehearsal.tracks) == 8
    for track in rehearsal.tracks:
        take = rehearsal.takes[track.scene - 1]
        since = max(take.start + EDGE_SECONDS, rehearsal.key_since(track.user_id))
        wanted = [
            frame for frame in rehearsal.frames_of(track.user_id) if since <= frame.sent_at <= take.cut - EDGE_SECONDS
        ]
        assert is_subsequence([frame.opus for frame in wanted], track.packets)
        spoken = [frame for frame in wanted if not frame.is_silence]
        assert len(spoken) >= 500
        assert sum(frame.is_padded for frame in spoken) >= 5
        assert sum(frame.is_extended for frame in spoken) >= 5


def test_nothing_from_outside_a_take_and_nothing_of_anyone_else_is_in_a_track(rehearsal: Rehearsal):
    for track in rehearsal.tracks:
        take = rehearsal.takes[track.scene - 1]
        may_be = Counter(
            frame.opus
            for frame in rehearsal.frames_of(track.user_id)
            if take.start - EDGE_SECONDS <= frame.sent_at <= take.cut + EDGE_SECONDS
        )
        sounds = [packet for packet in track.packets if packet not in SILENCES and len(packet) > 1]
        assert not Counter(sounds) - may_be
    outside = [
        frame.opus
        for frame in rehearsal.frames
        if not frame.is_silence
        and not any(one.start - EDGE_SECONDS <= frame.sent_at <= one.cut + EDGE_SECONDS for one in rehearsal.takes)
    ]
    assert len(outside) > 100, "people talk outside takes too"
    assert files_holding(rehearsal.home, outside) == {}


def test_next_to_nothing_was_concealed_on_a_network_that_lost_none(rehearsal: Rehearsal):
    # If a busy machine lets a speaker fall behind its own pace within a word, the time in between is filled.
    packets = [packet for track in rehearsal.tracks for packet in track.packets if packet not in SILENCES]
    concealed = sum(len(packet) == 1 for packet in packets)
    assert concealed <= len(packets) / 100


def test_talk_spurts_begin_where_they_were_spoken(rehearsal: Rehearsal):
    errors: list[float] = []
    for track in rehearsal.tracks:
        take = rehearsal.takes[track.scene - 1]
        places = {packet: position for position, packet in track.positions() if packet not in SILENCES}
        spurts: dict[int, Any] = {}
        for frame in rehearsal.frames_of(track.user_id):
            if take.start + EDGE_SECONDS < frame.sent_at < take.cut - EDGE_SECONDS:
                spurts.setdefault(frame.spurt, frame)
        # The first spurt began before the take, so its beginning is not in the track.
        for first in list(spurts.values())[1:]:
            errors.append(abs(places[first.opus] / RATE_HZ - (first.sent_at - take.start)))
    assert len(errors) >= 24
    assert np.median(errors) <= 0.020
    assert max(errors) <= 0.060


def test_what_was_said_is_in_the_casts_journal_alone_and_found_in_the_tracks(rehearsal: Rehearsal, tmp_path: Path):
    lines = [entry for entry in rehearsal.cast_log if entry["kind"] == "line_spoken"]
    said = {entry["text"] for entry in lines if entry["line_kind"] != "tone"}
    assert len(said) >= 10
    assert all(entry["words"] for entry in lines if entry["line_kind"] == "speech")
    log = (rehearsal.logs / "bot.log").read_text()
    assert not any(text in log for text in said)
    convert(rehearsal.home, tmp_path)
    rows = score(tmp_path, [], find_landed)
    assert len(rows) == len(rehearsal.takes)
    for tally in rows.values():
        assert tally.coverage > 0.98
        assert tally.error_ms(0.5) < 100


def test_tracks_are_as_long_as_their_take(rehearsal: Rehearsal):
    for track in rehearsal.tracks:
        take = rehearsal.takes[track.scene - 1]
        assert take.cut - take.start >= 15
        decoded = soundfile.info(track.path)
        assert decoded.samplerate == RATE_HZ
        assert abs(decoded.frames - track.duration_samples) <= FRAME_SAMPLES
        assert abs(decoded.frames / RATE_HZ - (take.cut - take.start)) <= EDGE_SECONDS


def test_who_did_not_consent_is_nowhere(rehearsal: Rehearsal):
    (bystander,) = rehearsal.part("bystander")
    theirs = [frame.opus for frame in rehearsal.frames_of(bystander["user_id"]) if len(frame.opus) >= 20]
    assert len(theirs) > 1000, "the bystander talks through the takes"
    assert files_holding(rehearsal.home, theirs) == {}
    performer = rehearsal.part("performer")[0]["user_id"]
    performers_frames = [frame.opus for frame in rehearsal.frames_of(performer)]
    found = files_holding(rehearsal.home, performers_frames)
    own = {track.path for track in rehearsal.tracks if track.user_id == performer}
    assert own <= found.keys(), "the same search must find people who consented, in their own tracks"
    # A clip is encoded again from decoded sound, and now and then a packet comes out unchanged.
    assert {path.parent.name for path in found.keys() - own} <= {"clips"}


def test_the_bystanders_tone_is_in_no_exported_audio(rehearsal: Rehearsal):
    files = list(rehearsal.dataset.rglob("*.flac"))
    assert len(files) >= 8 + 8 + 2
    for path in files:
        samples, _ = soundfile.read(path, dtype="float32")
        assert tone_share(np.asarray(samples, np.float32), TONE_HZ) < 0.5, path.name
    assert encode_opus(tone(0.5)), "the tone must survive encoding"
    assert tone_share(tone(0.5), TONE_HZ) > 0.9, "the measurement must be able to find it"


def test_the_coordinator_is_told_who_is_not_recorded(rehearsal: Rehearsal):
    (bystander,) = rehearsal.part("bystander")
    answers = [entry["answer"] for entry in rehearsal.cast_log if entry["kind"] == "pressed"]
    told = [answer for answer in answers if "Not recorded" in answer and str(bystander["user_id"]) in answer]
    assert len(told) >= 2


def test_the_export_holds_no_id_and_no_name(rehearsal: Rehearsal):
    secrets = [str(person[key]) for person in rehearsal.world["people"] for key in ("user_id", "name")]
    secrets += [str(rehearsal.world["guild_id"]), *(str(one["channel_id"]) for one in rehearsal.world["channels"])]
    for path in rehearsal.dataset.rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            for secret in secrets:
                assert secret.lower().encode() not in data, f"{path.name} holds a name or an id"


def test_tokens_and_names_are_not_in_the_bots_log(rehearsal: Rehearsal):
    log = (rehearsal.logs / "bot.log").read_text()
    assert "commands are registered" in log
    for secret in [rehearsal.world["bot"]["token"], *(person["name"] for person in rehearsal.world["people"])]:
        assert secret not in log


def readme_sql() -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```sql\n(.*?)```", text, re.DOTALL)
    assert found, "the README shows the query"
    return found[1]


def test_the_readmes_query_tells_what_the_cast_was_dealt_and_answered(rehearsal: Rehearsal):
    rows = list(rehearsal.database.execute(readme_sql()))
    names = {
        row["pseudonym"]: row["discord_user_id"]
        for row in rehearsal.database.execute("SELECT pseudonym, discord_user_id FROM people")
    }
    dealt = {
        (entry["scene"], entry["user_id"]): (entry["emotion"], entry["role"])
        for entry in rehearsal.cast_log
        if entry["kind"] == "card_read"
    }
    told = {(row["scene"], names[row["performer"]]): (row["target_emotion"], row["role"]) for row in rows}
    assert told == dealt
    turns = {
        row["token"]: (row["scene"], row["discord_user_id"])
        for row in rehearsal.database.execute(
            "SELECT token, scenes.number AS scene, discord_user_id "
            "FROM trials JOIN turns USING (turn_id) JOIN tracks USING (track_id) "
            "JOIN takes USING (take_id) JOIN scenes USING (scene_id) JOIN people USING (person_id)"
        )
    }
    answered = Counter(
        (*turns[entry["button"].split(":")[-1]], entry["user_id"], entry["answers"]["emotion"])
        for entry in rehearsal.cast_log
        if entry["kind"] == "rated" and "judge-peer" in entry["button"]
    )
    perceived = Counter(
        (row["scene"], names[row["performer"]], names[row["rater"]], row["perceived_emotion"])
        for row in rows
        if row["rater"]
    )
    assert perceived == answered
    assert len(answered) == 32


def test_raters_saw_nothing_of_the_target(rehearsal: Rehearsal):
    dealt = {entry["emotion"] for entry in rehearsal.cast_log if entry["kind"] == "card_read"}
    assert len(dealt) > 1
    shown = [
        entry
        for entry in rehearsal.server_log
        if entry["kind"] == "rest_request" and "Listen, then rate" in json.dumps(entry["body"])
    ]
    assert len(shown) >= 2 * 4 * 4
    for entry in shown:
        assert not re.search(rf"\b({'|'.join(dealt)})\b", json.dumps(entry["body"]), re.IGNORECASE)
        assert [file["name"] for file in entry["files"]] == ["clip.mp3"]


@pytest.mark.skipif(not description_path().exists(), reason="../shared is absent: no description to validate against")
def test_every_request_is_as_discord_describes_it(rehearsal: Rehearsal):
    assert RequestBodies(description_path()).journal_errors(rehearsal.logs / "discord.jsonl") == []
    assert sum(entry["kind"] == "rest_request" for entry in rehearsal.server_log) > 100


def test_everything_was_answered_in_time(rehearsal: Rehearsal):
    kinds = Counter(entry["kind"] for entry in rehearsal.server_log)
    assert kinds["interaction_created"] == kinds["interaction_answered"] > 60
    assert not kinds.keys() & {"unknown_route", "server_fault", "interaction_failed"}
