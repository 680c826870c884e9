"""Rules of the house that a reader relies on, checked on the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.client import COGS
from bot.config import DEFAULTS

ROOT = Path(__file__).parents[2]

RANKS = {
    "bot.domain": 0,
    "bot.home": 1,
    "bot.voice": 1,
    "bot.audio": 2,
    "bot.store": 2,
    "bot.config": 2,
    "bot.live": 3,
    "bot.dataset": 4,
    "bot.services": 5,
    "bot.doctor": 6,
    "bot.ui": 6,
    "bot.client": 7,
    "cogs": 8,
    "bot.app": 9,
    "bot.rehearsal": 10,
    "bot.cli": 11,
    "bot.__main__": 12,
}
"""Rooms from the ground up: each may import only rooms with a lower number, and itself."""

SANS_IO = {
    "rtp",
    "transport",
    "ssrc_stream",
    "dave",
    "receiver",
    "arrivals",
    "reorder",
    "timeline",
    "bed",
    "company",
    "outage",
    "spurts",
    "opus",
    "ogg",
    "ogg_writer",
    "track",
}
WORLDLY = {"asyncio", "socket", "threading", "time", "select", "aiohttp", "datetime", "secrets"}
WIRE = {"bot.wire.rtp", "bot.wire.transport", "bot.wire.opus", "bot.wire.ogg", "bot.wire.ogg_writer"}
DISCORD_ROOMS = (
    *("bot.ui", "bot.client", "cogs", "bot.cli.console"),
    *(
        f"bot.voice.{name}"
        for name in (
            "capture",
            "notices",
            "internals",
            "connection",
            "attempts",
            "line",
            "line_websocket",
            "main_gateway",
        )
    ),
)
WRAPPED = {
    "soundfile": "bot.audio.sound",
    "pydub": "bot.audio.mix",
    "espeakng_loader": "bot.audio.speech",
    "pyloudnorm": "bot.audio.loudness",
}


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    imports: frozenset[str]


def imports_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules() -> list[Module]:
    found: list[Module] = []
    for folder in ("bot", "cogs"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(Module(name, path, frozenset(imports_of(ast.parse(path.read_text("utf-8"))))))
    return found


MODULES = modules()


def rank(name: str) -> int | None:
    rooms = [room for room in RANKS if name == room or name.startswith(f"{room}.")]
    return RANKS[max(rooms, key=len)] if rooms else None


def is_in(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def test_every_module_lives_in_a_room():
    assert [module.name for module in MODULES if rank(module.name) is None] == ["bot"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_imports_point_downwards(module: Module):
    own = rank(module.name)
    room = next((room for room in sorted(RANKS, key=len, reverse=True) if is_in(module.name, room)), "bot")
    wrong = [
        name
        for name in module.imports
        if own is not None and not is_in(name, room) and (rank(name) or 0) >= own and rank(name) is not None
    ]
    assert not wrong, f"{module.name} imports {wrong}"


def test_sound_knows_no_voice_channel():
    """`bot.audio` wraps libraries: of `bot.voice` it knows Ogg and Opus, and nothing else."""
    for module in MODULES:
        if is_in(module.name, "bot.audio"):
            voice = {name for name in module.imports if is_in(name, "bot.voice")}
            known = ("bot.wire.ogg", "bot.wire.ogg_writer", "bot.wire.opus")
            assert all(any(is_in(name, one) for one in known) for name in voice)


def test_protocol_modules_do_no_io_and_have_no_clock():
    for module in MODULES:
        if module.name.rpartition(".")[0] == "bot.voice" and module.path.stem in SANS_IO:
            assert not module.imports & WORLDLY, module.name
        if is_in(module.name, "bot.domain"):
            assert not module.imports & (WORLDLY | {"pathlib", "os", "aiosqlite", "discord"}), module.name


def test_texts_are_pure():
    for module in MODULES:
        if is_in(module.name, "bot.ui.texts"):
            assert not module.imports & (WORLDLY | {"os", "aiosqlite", "discord"}), module.name


def test_discord_is_imported_only_where_people_are_met():
    for module in MODULES:
        uses_discord = any(is_in(name, "discord") for name in module.imports)
        assert not uses_discord or any(is_in(module.name, room) for room in DISCORD_ROOMS), module.name


def test_rehearsal_servers_know_only_the_wire():
    for module in MODULES:
        if is_in(module.name, "bot.embedded"):
            bots = {name for name in module.imports if is_in(name, "bot") and not is_in(name, "bot.rehearsal")}
            bots -= {"bot", "bot.voice"}
            assert all(any(is_in(name, wire) for wire in WIRE) for name in bots), (module.name, bots)


def test_untyped_libraries_are_wrapped_once():
    for library, place in WRAPPED.items():
        users = [module.name for module in MODULES if any(is_in(name, library) for name in module.imports)]
        assert users == [place], library


def test_sql_is_written_only_in_the_store():
    sql = re.compile(r"\b(SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE)\b", re.DOTALL)
    for module in MODULES:
        # What only the rehearsal's checker reads lives with the checker.
        if not is_in(module.name, "bot.store") and module.name != "bot.rehearsal.checking.evidence":
            assert not sql.search(module.path.read_text("utf-8")), module.name


def test_outside_the_rehearsal_nothing_can_tell_that_it_is_one():
    for module in MODULES:
        if not any(is_in(module.name, room) for room in ("bot.rehearsal", "bot.cli", "bot.__main__")):
            assert not any(is_in(name, "bot.rehearsal") for name in module.imports), module.name
            text = module.path.read_text("utf-8").lower()
            assert not re.search(r"rehears|localhost|127\.0\.0\.1|is_loopback", text), module.name
            if module.name not in ("bot.config", "bot.app", "bot.voice.connection.internals"):
                assert not re.search(r"api_url|gateway_url", text), f"{module.name} knows where Discord is"
    for name in DEFAULTS:
        assert "REHEARS" not in name


def test_all_cogs_are_loaded():
    assert set(COGS) == {f"cogs.{path.stem}" for path in (ROOT / "cogs").glob("*.py") if path.stem != "__init__"}


def test_every_setting_is_described():
    text = (ROOT / ".env.example").read_text("utf-8")
    described = re.findall(r"^([A-Z_]+)=", text, re.MULTILINE)
    assert set(described) == set(DEFAULTS)
    assert len(described) == len(set(described))
    for name in DEFAULTS:
        before = text[: text.index(f"\n{name}=")].splitlines()
        assert before[-1].startswith("#") or before[-1].startswith("PROMPTBOOK_"), f"{name} has no explanation"


def test_settings_are_read_in_one_place():
    for module in MODULES:
        if module.name not in ("bot.config", "bot.rehearsal.processes"):
            text = module.path.read_text("utf-8")
            assert "os.environ" not in text, module.name
            assert "getenv" not in text, module.name


def test_no_import_is_relative():
    for module in MODULES:
        for node in ast.walk(ast.parse(module.path.read_text("utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), module.name


def test_no_two_test_modules_share_a_name():
    """pytest refuses to collect them in one call, which is what somebody does who types `pytest`."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


def handed_the_bag(module: Module) -> bool:
    """Whether a module below the screens, other than the one that builds them, knows of all services at once."""
    below = module.name.startswith("bot.") and (rank(module.name) or 0) <= RANKS["bot.services"]
    return below and module.name != "bot.services.assembly" and "bot.services.assembly" in module.imports


def asks_services(module: Module) -> set[str]:
    """The services that an implementation of a port knows: a port is told what to show and asks for nothing."""
    told = {"bot.services.ports", "bot.services.panel.state"}
    found = {name for name in module.imports if is_in(name, "bot.services")}
    return {name for name in found if not any(is_in(name, one) for one in told)} - {"bot.services"}


def test_a_service_is_handed_what_it_works_on():
    assert [module.name for module in MODULES if handed_the_bag(module)] == []
    assert handed_the_bag(Module("bot.services.take.cuts", ROOT, frozenset({"bot.services.assembly"})))


def test_a_port_never_asks_a_service():
    ports = [
        module for module in MODULES if module.name in ("bot.stage.stage", "bot.stage.booth", "bot.stage.whispers")
    ]
    assert len(ports) == 3
    assert {name for module in ports for name in asks_services(module)} == set()
    assert asks_services(Module("bot.stage.stage", ROOT, frozenset({"bot.services.panel.panels.Panels"})))
