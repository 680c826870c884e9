"""Make exports of a synthetic evening, for the consumers' checks: `python -m tools.synthetic FOLDER`."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

from bot.config import PROJECT_FOLDER
from bot.dataset.export import ExportOrder, export_dataset
from bot.domain.consent import Scope
from bot.services.facts.library import Library
from bot.store.materials import keep_emotion_set
from tools.synthetic.session import PERFORMER_SCOPES, open_troupe, play_evening


async def make_exports(folder: Path) -> None:
    """Export four performers, one rater in the audience and two scenes: eight turns, in the folder `dataset`.

    The store is in `home`. Both are made again if they are there.
    """
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    library = Library(PROJECT_FOLDER / "data")
    troupe = await open_troupe(home)
    try:
        performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(4)]
        audience = await troupe.add_person(Scope.PEER_RATING)
        await play_evening(troupe, performers, [audience])
        async with troupe.database.transaction() as tx:
            sha256 = await keep_emotion_set(tx, library.emotion_set("basic"))
            await tx.execute("UPDATE scenes SET emotion_set_sha256 = ?", sha256)
        instruments = [library.instrument("core")]
        order = ExportOrder(
            troupe.database.path, troupe.home, folder / "dataset", troupe.sessions, instruments=instruments
        )
        export_dataset(order)
    finally:
        await troupe.database.close()


if __name__ == "__main__":
    asyncio.run(make_exports(Path(sys.argv[1])))
