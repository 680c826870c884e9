"""Make exports of synthetic evenings, for the consumers' checks: `python -m tools.synthetic FOLDER`."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

from bot.config import PROJECT_FOLDER
from bot.dataset.export import export_dataset
from bot.dataset.model.options import Layout, Options
from bot.dataset.sound.orders import Audio
from bot.services.exports import plan_export
from bot.services.facts.library import Library
from tools.synthetic.evenings import play_evenings
from tools.synthetic.session import open_troupe

EXPORTS = {
    "dataset": Options(),
    "opus": Options(audio=Audio.OPUS, has_dialogues=True, has_notes=True),
    "files": Options(Layout.AUDIOFOLDER),
}
"""What is exported, by the names of the folders."""


async def make_exports(folder: Path) -> None:
    """Export two evenings in several ways into folders below `folder`, beside `home`, which has their store."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    library = Library(PROJECT_FOLDER / "data")
    troupe = await open_troupe(home)
    try:
        await play_evenings(troupe, library)
        for name, options in EXPORTS.items():
            out = folder / name
            order = await plan_export(
                troupe.database, troupe.home, library, guild_id=None, session_id=None, out=out, options=options
            )
            export_dataset(order)
    finally:
        await troupe.database.close()


if __name__ == "__main__":
    asyncio.run(make_exports(Path(sys.argv[1])))
