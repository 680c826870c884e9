"""How often the interpreter looks for reference cycles in a process that records."""

from __future__ import annotations

import gc
from typing import Final

CYCLES_AFTER: Final = 20_000
"""More new objects than the frames of 400 people that are under way at a time: by CPython's 700, frames set off every
search, each looks at thousands of them, and never are they part of a cycle. It cost a twelfth of the processor time.
"""


def look_for_cycles_seldom() -> None:
    """Called once, when the process starts."""
    gc.set_threshold(CYCLES_AFTER, *gc.get_threshold()[1:])
