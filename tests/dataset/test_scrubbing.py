"""What strangers may read of the event log, and the last check before an export is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dataset.errors import IdentityFound
from bot.dataset.model.details import public_detail
from bot.dataset.release.identities import refuse_identities
from bot.domain.events.catalogue import CATALOGUE
from bot.domain.events.kinds import EventKind

SNOWFLAKE = 812345678901234567
PUBLIC = {kind: event.public_details() for kind, event in CATALOGUE.items()}
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
VALUES = LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(st.text(max_size=5), LEAVES, max_size=2)
KEYS = st.sampled_from(sorted(PUBLIC["take_cut"])) | st.text(max_size=10)


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("take_cut", {"reason": "time_limit", "tracks": 4}),
        ("sound_checked", {"performers": 3, "heard": 2, "leaks": 1}),
        ("casting_overridden", {"target_emotion_was": "joy", "character_was": None}),
    ],
)
def test_known_keys_with_numbers_and_key_words_pass(kind: str, detail: dict[str, object]) -> None:
    assert public_detail(kind, json.dumps(detail)) == detail


def test_what_the_catalogue_does_not_know_or_keeps_private_stays() -> None:
    assert public_detail("take_cut", '{"scope": "record"}') == {}
    assert public_detail("kind_of_an_earlier_version", '{"tracks": 4}') == {}
    assert public_detail("turn_rated", '{"turn_id": 4}') == {}
    assert public_detail("connection_lost", '{"cause": "closed"}') == {}


def test_every_kind_of_event_is_in_the_catalogue_with_what_it_means() -> None:
    assert set(CATALOGUE) == {kind.value for kind in EventKind}
    assert all(event.__doc__ for event in CATALOGUE.values())
    assert {key for keys in PUBLIC.values() for key in keys}.isdisjoint({"name", "user_id", "guild_id", "text"})


@pytest.mark.parametrize(
    "detail",
    [
        {"name": "bartholomew"},
        {"reason": "Bartholomew said so"},
        {"reason": f"kicked_{SNOWFLAKE}"},
        {"tracks": SNOWFLAKE},
        {"reason": ["disk", f"{SNOWFLAKE}"]},
        {"reason": {"user": "bartholomew"}},
        {"reason": "a" * 65},
    ],
)
def test_names_sentences_and_ids_do_not(detail: dict[str, object]) -> None:
    assert public_detail("take_cut", json.dumps(detail)) == {}


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_nothing_but_the_allow_list_passes(detail: dict[str, object]) -> None:
    text = json.dumps(public_detail("take_cut", json.dumps(detail)))
    assert set(json.loads(text)) <= PUBLIC["take_cut"]
    assert not any(run.isdigit() and len(run) >= 15 for run in text.replace('"', " ").split())


@pytest.mark.parametrize(
    "name", ["tables/events.csv", "README.md", f"clips/{SNOWFLAKE}.flac", "clips/train/metadata.parquet"]
)
def test_an_id_anywhere_stops_the_export(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x00x%d0,1" % SNOWFLAKE)
    with pytest.raises(IdentityFound, match="contained Discord's number for a person"):
        refuse_identities(tmp_path, {SNOWFLAKE})
    refuse_identities(tmp_path, {SNOWFLAKE + 1, 7})
