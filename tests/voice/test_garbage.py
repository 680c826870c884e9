"""Searches for reference cycles in a process that records."""

from __future__ import annotations

import gc
import weakref

import pytest

from bot.voice.receiving.garbage import CYCLES_AFTER, leave_out_what_is_loaded, look_for_cycles_seldom


class Knot:
    """An object that only a search can free once nothing refers to it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before():
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_a_search_waits_for_more_objects_than_frames_under_way():
    look_for_cycles_seldom()
    assert gc.get_threshold()[0] == CYCLES_AFTER


def test_what_is_loaded_is_not_searched_and_what_comes_later_is_freed():
    loaded = Knot()
    leave_out_what_is_loaded()
    assert all(one is not loaded for one in gc.get_objects())
    later = Knot()
    watched = weakref.ref(later)
    del later
    gc.collect()
    assert watched() is None
