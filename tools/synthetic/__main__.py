"""Make an export of a synthetic evening, for the consumers' tests: `python -m tools.synthetic FOLDER`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from bot.dataset.export import ExportOrder, export_dataset
from bot.domain.consent import Scope
from bot.domain.instrument import parse_instrument
from tools.synthetic.session import PERFORMER_SCOPES, open_troupe, play_evening

_CORE = Path(__file__).parents[2] / "data" / "instruments" / "core.toml"


async def make_export(out: Path) -> None:
    """Export four performers, one rater in the audience and two scenes: eight clips."""
    with tempfile.TemporaryDirectory() as home:
        troupe = await open_troupe(Path(home))
        try:
            performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(4)]
            audience = await troupe.add_person(Scope.PEER_RATING)
            await play_evening(troupe, performers, [audience])
            core = parse_instrument("core", _CORE.name, _CORE.read_text("utf-8"))
            export_dataset(ExportOrder(troupe.database.path, troupe.home, out, troupe.sessions, instruments=[core]))
        finally:
            await troupe.database.close()


if __name__ == "__main__":
    asyncio.run(make_export(Path(sys.argv[1])))
