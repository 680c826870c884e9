"""How often the interpreter searches for reference cycles in a process that records."""

from __future__ import annotations

import gc
from typing import Final

CYCLES_AFTER: Final = 5_000
"""More objects than the frames of 100 people that exist at a time. With CPython's 700, frames set off several searches
per second. Each looks at thousands of frames, and none is ever part of a cycle. The views of panels and answers are:
with 20,000, one search freed 16,000 of their objects and stopped the event loop for 70 ms (`make exporting`).
"""


def look_for_cycles_seldom() -> None:
    """Raise the threshold of the search. Call this once, when the process starts."""
    gc.set_threshold(CYCLES_AFTER, *gc.get_threshold()[1:])


def leave_out_what_is_loaded() -> None:
    """Exclude every object that exists now from the search. Call this once, when all libraries are loaded.

    These are several hundred thousand objects that live as long as the process. A search through them stops the event
    loop for 30 ms, or for 100 ms if an export competes for the cores (`make exporting`).
    """
    gc.freeze()
