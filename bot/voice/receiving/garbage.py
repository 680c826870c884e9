"""How often the interpreter looks for reference cycles in a process that records."""

from __future__ import annotations

import gc
from typing import Final

CYCLES_AFTER: Final = 20_000
"""More objects than the frames of 400 people that are under way at a time. With CPython's 700, frames set off several
searches a second, each of which looks at thousands of them, and none is ever part of a cycle.
"""


def look_for_cycles_seldom() -> None:
    """Called once, when the process starts."""
    gc.set_threshold(CYCLES_AFTER, *gc.get_threshold()[1:])


def leave_out_what_is_loaded() -> None:
    """Called once, when all libraries are loaded: what is there now is never searched again.

    It is some hundred thousand objects that live as long as the process, and a search through them stops the event loop
    for 30 ms, or for 100 ms where an export competes for the cores (`make exporting`).
    """
    gc.freeze()
