"""Claims about what an evening leaves in files besides its store: nothing that says who pressed Ease off."""

from __future__ import annotations

from pathlib import Path

from bot.home.places import Home
from bot.rehearsal.checking.claims import Case, Check, Claim


def who_eased_is_nowhere(home: Path, logs: Path) -> Check:
    """Return the check that neither the bot's log, nor its journal, nor an export names who pressed Ease off."""

    def check(case: Case) -> Claim:
        claim = Claim("Who pressed Ease off is in no log, journal or export of the bot.")
        found = [logs / "bot.log", Home(home).journal, *_exported(home)]
        for press in case.story.kinds["eased_off"]:
            account = str(press["user_id"]).encode()
            for path in found:
                claim.check(account not in path.read_bytes(), f"{path.name} names who pressed")
        return claim

    return check


def _exported(home: Path) -> list[Path]:
    return [path for path in Home(home).exports.rglob("*") if path.is_file()]
