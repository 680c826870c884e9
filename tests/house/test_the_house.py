"""Rules that a reader relies on, checked on the source itself. The rooms are in `test_rooms`."""

from __future__ import annotations

import ast
import re

from bot.client import COGS
from bot.config import DEFAULTS
from tests.house.source import MODULES, ROOT, Module, is_in, modules_in

WORLDLY = {"asyncio", "socket", "threading", "time", "select", "aiohttp", "datetime", "secrets"}
DISK = {"pathlib", "os", "aiosqlite", "discord"}

SANS_IO = (
    *("bot.wire", "bot.voice.receiving", "bot.voice.connection.reconnection", "bot.voice.connection.events"),
    *(f"bot.voice.recording.{name}" for name in ("bed", "spurts", "timeline", "track")),
)
"""Modules of protocol and placing: bytes and numbers in, bytes and numbers out, and time as an argument."""

DISCORD_ROOMS = (
    *("bot.ui", "bot.stage", "bot.client", "cogs", "bot.cli.console", "bot.trial", "bot.voice.capture"),
    *(
        f"bot.voice.connection.{name}"
        for name in ("healing", "attempts", "group", "internals", "link", "main_gateway", "ready_packets", "websocket")
    ),
)
WRAPPED = {
    "soundfile": "bot.audio.sound",
    "pydub": "bot.audio.mix",
    "espeakng_loader": "bot.audio.speech",
    "pyloudnorm": "bot.audio.loudness",
}


CLOCKS = {"now", "utcnow", "today"}


def worldly(module: Module, *more: str) -> set[str]:
    """What a module imports from the outside world: clocks, sockets, threads, and what the caller adds.

    Dates are values like others, as long as nothing asks for the present one.
    """
    found = {name.split(".")[0] for name in module.imports} & {*WORLDLY, *more}
    return found if "datetime" not in found or asks_for_now(module.text) else found - {"datetime"}


def asks_for_now(source: str) -> bool:
    """Whether a module asks `datetime` or `date` what time it is."""
    return any(isinstance(node, ast.Attribute) and node.attr in CLOCKS for node in ast.walk(ast.parse(source)))


def test_protocol_modules_do_no_io_and_have_no_clock():
    assert {module.name: worldly(module) for module in modules_in(*SANS_IO) if worldly(module)} == {}
    assert {module.name: worldly(module, *DISK) for module in modules_in("bot.domain") if worldly(module, *DISK)} == {}
    assert worldly(Module("bot.wire.rtp", ROOT, frozenset({"time.monotonic"}))) == {"time"}
    assert asks_for_now("from datetime import UTC, datetime\nstarts_at > datetime.now(UTC)")
    assert not asks_for_now("from datetime import UTC, datetime\ndatetime.combine(day, at, UTC)")


def test_texts_are_pure():
    for module in modules_in("bot.ui.texts"):
        assert not worldly(module, "os", "aiosqlite", "discord"), module.name


def test_discord_is_imported_only_where_people_are_met():
    for module in MODULES:
        uses_discord = any(is_in(name, "discord") for name in module.imports)
        assert not uses_discord or any(is_in(module.name, room) for room in DISCORD_ROOMS), module.name


def test_the_embedded_discord_shares_no_library_with_the_bot_it_tests():
    for module in modules_in("bot.embedded"):
        assert not any(is_in(name, library) for name in module.imports for library in ("discord", "davey")), module.name


def test_server_and_clients_of_the_embedded_discord_share_no_code():
    """A mistake on one side must not be repeated on the other."""
    sides = {"client": "bot.embedded.client", "voice": "bot.embedded.voice", "mls": "bot.embedded.mls"}
    for module in modules_in(sides["client"]):
        assert not any(is_in(name, sides[side]) for name in module.imports for side in ("voice", "mls")), module.name
    for module in modules_in(sides["voice"], sides["mls"], "bot.embedded.people"):
        assert not any(is_in(name, sides["client"]) for name in module.imports), module.name


def test_untyped_libraries_are_wrapped_once():
    for library, place in WRAPPED.items():
        users = [module.name for module in MODULES if any(is_in(name, library) for name in module.imports)]
        assert users == [place], library


def test_sql_is_written_only_in_the_store():
    sql = re.compile(r"\b(SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE)\b", re.DOTALL)
    for module in MODULES:
        # What only the rehearsal's checker reads is in the checker.
        if not is_in(module.name, "bot.store") and module.name != "bot.rehearsal.checking.evidence":
            assert not sql.search(module.text), module.name


REHEARSING = ("bot.embedded", "bot.rehearsal", "bot.cli", "bot.__main__")


def test_outside_the_rehearsal_nothing_can_tell_that_it_is_one():
    for module in MODULES:
        if not any(is_in(module.name, room) for room in REHEARSING):
            text = module.text.lower()
            assert not re.search(r"rehears|localhost|127\.0\.0\.1|is_loopback", text), module.name
            if module.name not in ("bot.config", "bot.app", "bot.trial.run", "bot.voice.connection.internals"):
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
            text = module.text
            assert "os.environ" not in text, module.name
            assert "getenv" not in text, module.name


def test_no_import_is_relative():
    for module in MODULES:
        for node in ast.walk(ast.parse(module.text)):
            assert not (isinstance(node, ast.ImportFrom) and node.level), module.name


def test_no_two_test_modules_share_a_name():
    """pytest refuses to collect them in one call, as in a plain `pytest`."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


BELOW_THE_SCREENS = ("bot.services", "bot.live", "bot.dataset", "bot.store")


def handed_the_bag(module: Module) -> bool:
    """Whether a module below the screens, except the one that builds them, knows all services together."""
    below = any(is_in(module.name, room) for room in BELOW_THE_SCREENS) and module.name != "bot.services.assembly"
    return below and any(is_in(name, "bot.services.assembly") for name in module.imports)


def asks_services(module: Module) -> set[str]:
    """The services that an implementation of a port knows: a port is told what to show and must ask for nothing."""
    told = {f"bot.services.ports.{name}" for name in ("stage", "panel_state", "board", "post")}
    found = {name for name in module.imports if is_in(name, "bot.services")}
    return {name for name in found if not any(is_in(name, one) for one in told)} - {"bot.services"}


def test_a_service_is_handed_what_it_works_on():
    assert [module.name for module in MODULES if handed_the_bag(module)] == []
    assert handed_the_bag(Module("bot.services.ending.cuts", ROOT, frozenset({"bot.services.assembly.Services"})))


def test_a_port_never_asks_a_service():
    ports = modules_in("bot.stage")
    assert {module.name: asks_services(module) for module in ports if asks_services(module)} == {}
    assert asks_services(Module("bot.stage.stage", ROOT, frozenset({"bot.services.panel.panels.Panels"})))
