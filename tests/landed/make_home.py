"""Make the stored home of schema version 4, and note what an export of it yields.

`PYTHONPATH=tests:. .venv/bin/python -m landed.make_home` with the code of that version writes `home-schema-4.zip` and
`clips.json` beside this file, the same bytes each time. Code of a later schema refuses: what it would write is not what
was landed.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from landed.current_code import (
    export,
    fold_in_the_log,
    open_home,
    read_clips,
    recover,
    rows_in_store,
    rows_in_tables,
    tables_in_store,
)
from landed.harbour import first_evening, second_evening
from landed.mill import before_any_session, between_sessions, evening_at_the_mill
from landed.troupe import open_troupe

from bot.store.database import known_migrations
from bot.store.home_lock import held_home

HERE = Path(__file__).parent
VERSION = 4
HOME, CLIPS = HERE / f"home-schema-{VERSION}.zip", HERE / "clips.json"
EXPORTS = {"1": 1, "2": 2, "3": 3, "all": None}
"""The exports that are compared: each session, and all of them."""


async def play(home: Path) -> None:
    """Play everything in this process; it does not return, since the last take ends the process by force."""
    with held_home(home):
        async with open_troupe(home) as troupe:
            await before_any_session(troupe)
            await first_evening(troupe)
            await between_sessions(troupe)
            await evening_at_the_mill(troupe)
            await second_evening(troupe)


def play_and_die(home: Path) -> None:
    """Have another process play, which must end by the signal that it sends itself."""
    done = subprocess.run([sys.executable, "-m", "landed.make_home", str(home)], check=False)
    if done.returncode != -signal.SIGKILL:
        raise SystemExit(f"The play ended with status {done.returncode} before its last take.")
    asyncio.run(fold_in_the_log(home / "promptbook.sqlite3"))
    # Clips that raters were given are cut again when they are asked for; their files differ from run to run.
    shutil.rmtree(home / "clips")


def pack(home: Path, target: Path) -> None:
    """Pack a folder so that the same files make the same bytes."""
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in home.rglob("*") if path.is_file()):
            entry = ZipInfo(path.relative_to(home).as_posix())
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), ZIP_DEFLATED, 9)


async def look_at(home: Path, out: Path) -> dict[str, Any]:
    """Recover and export a home, and tell what the tests compare."""
    async with open_home(home) as desk:
        recovered = await recover(desk)
        store = await rows_in_store(desk.database, await tables_in_store(desk.database))
        exports: dict[str, Any] = {}
        for name, session_id in EXPORTS.items():
            await export(desk, session_id, out / name)
            exports[name] = {"tables": rows_in_tables(out / name), "clips": read_clips(out / name)}
    return {"recovered_takes": recovered, "store": store, "exports": exports}


def as_json(found: dict[str, Any]) -> str:
    """One line a clip, so that a difference shows where it is."""
    exports: list[str] = []
    for name, one in found["exports"].items():
        clips = ",\n".join(json.dumps(clip) for clip in one["clips"])
        exports.append(f'{json.dumps(name)}: {{"tables": {json.dumps(one["tables"])}, "clips": [\n{clips}\n]}}')
    rest = ",\n".join(f'"{key}": {json.dumps(found[key])}' for key in ("recovered_takes", "store"))
    return f'{{\n{rest},\n"exports": {{\n' + ",\n".join(exports) + "\n}\n}\n"


def main() -> None:
    """Without arguments: make both files anew."""
    if len(known_migrations()) != VERSION:
        raise SystemExit(f"This code writes schema version {len(known_migrations())}, the stored home is of {VERSION}.")
    if sys.argv[1:]:
        asyncio.run(play(Path(sys.argv[1])))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        play_and_die(home)
        pack(home, HOME)
        CLIPS.write_text(as_json(asyncio.run(look_at(home, Path(folder, "exports")))), "utf-8")


if __name__ == "__main__":
    main()
