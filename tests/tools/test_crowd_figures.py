"""What `make crowd` counts as missed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tools.evenings.crowd_figures import CrowdFigures
from tools.evenings.figures import Waits

GOOD = CrowdFigures(
    start_off_ms=-19.0,
    rated=Waits(200, 1_000.0, 1_400.0),
    submitted=Waits(200, 300.0, 500.0),
    stored=Waits(200, 700.0, 900.0),
    put_off=Waits(20, 400.0, 500.0),
    failed=0,
    loop=Waits(1_000, 30.0, 60.0),
    idle=Waits(1_000, 2.0, 9.0),
    clips=12,
    encoded=1,
    frames=4_000,
    lost=0,
)


def test_an_evening_within_its_targets_has_no_faults():
    assert GOOD.faults == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"start_off_ms": -21.0}, "The take began -21 ms off its announcement."),
        ({"rated": Waits(200, 1_001.0, 1_400.0)}, "The 99th percentile of Rate is 1001 ms."),
        ({"submitted": Waits(200, 301.0, 500.0)}, "The 99th percentile of sent forms is 301 ms."),
        ({"put_off": Waits(20, 1_001.0, 1_400.0)}, "The 99th percentile of being put off is 1001 ms."),
        ({"failed": 2}, "2 people got no answer."),
        ({"encoded": 2}, "A clip was encoded 2 times."),
        ({"encoded": 0, "clips": 0}, "A clip was encoded 0 times."),
        ({"lost": 3}, "3 of 4000 frames are in no track."),
    ],
)
def test_each_target_that_is_missed_is_said(change: dict[str, object], fault: str):
    assert replace(GOOD, **change).faults == [fault]
