"""What of the event log strangers may read, and the last look before an export is put in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dataset.errors import IdentityFound
from bot.dataset.scrubbing import PUBLIC_DETAILS, public_detail, refuse_identities

SNOWFLAKE = 812345678901234567
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
VALUES = LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(st.text(max_size=5), LEAVES, max_size=2)
KEYS = st.sampled_from(sorted(PUBLIC_DETAILS)) | st.text(max_size=10)


def test_known_keys_with_numbers_and_key_words_pass() -> None:
    detail = {"reason": "time_limit", "tracks": 4, "limit_s": 1.5, "scopes": ["record", "peer_rating"], "state": None}
    assert public_detail(json.dumps(detail)) == detail


@pytest.mark.parametrize(
    "detail",
    [
        {"name": "bartholomew"},
        {"reason": "Bartholomew said so"},
        {"reason": f"kicked_{SNOWFLAKE}"},
        {"number": SNOWFLAKE},
        {"scopes": ["record", f"{SNOWFLAKE}"]},
        {"state": {"user": "bartholomew"}},
        {"reason": "a" * 65},
    ],
)
def test_names_sentences_and_ids_do_not(detail: dict[str, object]) -> None:
    assert public_detail(json.dumps(detail)) == {}


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_nothing_but_the_allow_list_passes(detail: dict[str, object]) -> None:
    text = json.dumps(public_detail(json.dumps(detail)))
    assert set(json.loads(text)) <= PUBLIC_DETAILS
    assert not any(run.isdigit() and len(run) >= 15 for run in text.replace('"', " ").split())


@pytest.mark.parametrize(
    "name", ["tables/events.csv", "README.md", f"clips/{SNOWFLAKE}.flac", "clips/train/metadata.parquet"]
)
def test_an_id_anywhere_stops_the_export(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x00x%d0,1" % SNOWFLAKE)
    with pytest.raises(IdentityFound, match="a number by which Discord knows"):
        refuse_identities(tmp_path, {SNOWFLAKE})
    refuse_identities(tmp_path, {SNOWFLAKE + 1, 7})
