"""The script in docs/embedded-discord.md runs exactly as the page shows it."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_LINES = 40


async def test_a_bot_that_is_not_this_one_logs_in_answers_and_hears(tmp_path: Path):
    page = (ROOT / "docs" / "embedded-discord.md").read_text("utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(script.splitlines()) <= MOST_LINES
    (tmp_path / "script.py").write_text(script)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error::ResourceWarning", str(tmp_path / "script.py")),
        env={"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, errors = await process.communicate()
    assert (process.returncode, said.decode().splitlines()) == (0, ["Hello!", "55 frames heard"]), errors.decode()
