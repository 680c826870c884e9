"""Takes on a small machine: memory is bounded and flat, and Cut is answered at once. `make long-takes` plays hours."""

from __future__ import annotations

from pathlib import Path

from tools.long_takes.__main__ import MOST_CUT_SECONDS, MOST_GROWTH_MEGABYTES, growth_of, record

SPARE_MEGABYTES = 600
"""Of address space, beyond the idle process."""


def test_a_take_needs_little_memory_and_no_more_if_it_is_longer(tmp_path: Path):
    short = record(1, tmp_path / "short", SPARE_MEGABYTES)
    long = record(8, tmp_path / "long", SPARE_MEGABYTES)
    for found in (short, long):
        assert found["track_seconds"] == [found["minutes"] * 60], found["log"]
        assert found["measured"] == found["tracks"] == 4
        assert found["rated"] > 0
        assert found["cut"] <= MOST_CUT_SECONDS
        assert growth_of(found) <= MOST_GROWTH_MEGABYTES
    assert growth_of(long) <= growth_of(short) + 30
