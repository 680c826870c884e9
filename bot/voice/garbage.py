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
