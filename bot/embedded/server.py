"""The embedded Discord as one unit that is started and stopped: REST, gateway, voice, CDN and the people's side.

Everything listens on loopback with a certificate of an authority that is created for this run. The authority's
certificate is written to a file; clients trust it by SSL_CERT_FILE.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import trustme
from aiohttp import web

from bot.embedded.clock import Clock
from bot.embedded.gateway.gateway import Gateway
from bot.embedded.gateway.session import Session
from bot.embedded.guild.state import State
from bot.embedded.guild.world import World
from bot.embedded.hub import Hub
from bot.embedded.interactions.callback_faults import CallbackFaults
from bot.embedded.interactions.interaction import Interaction
from bot.embedded.interactions.interactions import Interactions
from bot.embedded.journal import Journal
from bot.embedded.people.actions import PersonActions
from bot.embedded.people.people import People
from bot.embedded.rest.application import build_application
from bot.embedded.rest_faults import RestFaults
from bot.embedded.voice.entry import VoiceEntry, VoiceWish
from bot.embedded.voice.orders import VoiceOrders
from bot.embedded.voice.server import VoiceServer

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Addresses:
    """What clients need: the API's base addresses without a path, the people's key, the CA file and the token."""

    api: str
    gateway: str
    cast: str
    cast_key: str
    voice: str
    ca_file: str
    token: str
    journal: str

    def as_dict(self) -> dict[str, str]:
        """Return the fields by name, as printed when the server is ready."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class EmbeddedDiscord:
    """A running embedded Discord: its addresses and, for tests in the same process, its parts."""

    addresses: Addresses
    hub: Hub
    voice: VoiceServer
    voice_entry: VoiceEntry


class _Audience:
    """Sends interactions to the bot by the gateway, and their failures to people."""

    def __init__(self, gateway: Gateway, people: People) -> None:
        self._gateway = gateway
        self._people = people

    def dispatch_interaction(self, interaction: Interaction, payload: dict[str, Any]) -> None:
        self._gateway.dispatch_interaction(interaction, payload)

    def interaction_failed(self, interaction: Interaction) -> None:
        self._people.interaction_failed(interaction)


@asynccontextmanager
async def embedded_discord(world: World, folder: Path, *, clock: Clock | None = None) -> AsyncIterator[EmbeddedDiscord]:
    """Run the embedded Discord; its journal `discord.jsonl` and its `ca.pem` are written into `folder`.

    `clock` is Discord's own: a test can advance it.
    """
    ca_file = folder / "ca.pem"
    with Journal(folder / "discord.jsonl") as journal:
        tls = _tls_context(ca_file)
        port = _free_port()
        base_url = f"https://localhost:{port.getsockname()[1]}"
        voice = VoiceServer(ssl_context=tls, journal=journal, host=HOST, bot_user_ids=frozenset({world.bot.user_id}))
        hub, entry = _assemble(world, journal, voice, base_url, clock or Clock())
        runner = web.AppRunner(build_application(hub), access_log=None, shutdown_timeout=1.0)
        try:
            await voice.start()
            await runner.setup()
            await web.SockSite(runner, port, ssl_context=tls).start()
            cast = base_url.replace("https", "wss", 1) + "/cast"
            addresses = Addresses(
                api=base_url,
                gateway=hub.gateway.url,
                cast=cast,
                cast_key=hub.people.key,
                voice=voice.endpoint,
                ca_file=str(ca_file),
                token=world.bot.token,
                journal=str(journal.path),
            )
            journal.write("discord_started", api=base_url, voice=voice.endpoint)
            yield EmbeddedDiscord(addresses, hub, voice, entry)
        finally:
            hub.interactions.close()
            hub.gateway.close()
            await entry.close()
            await voice.close()
            await runner.cleanup()
            journal.write("discord_stopped")


def _assemble(
    world: World, journal: Journal, voice: VoiceServer, base_url: str, clock: Clock
) -> tuple[Hub, VoiceEntry]:
    state = State(world, clock)
    # The gateway listens first, so that the bot gets a change before people react to it.
    gateway = Gateway(state, journal, base_url)
    people = People(state, journal, base_url)
    interactions = Interactions(state, journal, _Audience(gateway, people), base_url, clock)
    entry = VoiceEntry(state, voice, journal)
    people.use(PersonActions(state, people, interactions, entry))

    def on_voice_request(session: Session, data: dict[str, Any]) -> None:
        if int(data["guild_id"]) != world.guild_id:
            return
        channel_id = data.get("channel_id")
        wish = VoiceWish(
            world.bot.user_id,
            session.session_id,
            int(channel_id) if channel_id else None,
            bool(data.get("self_mute")),
            bool(data.get("self_deaf")),
        )
        entry.request(wish, lambda told: gateway.dispatch(session, "VOICE_SERVER_UPDATE", told))

    gateway.on_voice_request = on_voice_request
    gateway.on_session_over = lambda session: _left_with_session(state, entry, session)
    faults = CallbackFaults(journal, clock)
    rest_faults = RestFaults(journal, clock)
    orders = VoiceOrders(voice, entry, journal, world.guild_id, world.bot.user_id)
    return Hub(state, journal, gateway, interactions, people, faults, rest_faults, orders, base_url, clock), entry


def _left_with_session(state: State, entry: VoiceEntry, session: Session) -> None:
    """Remove the voice state of an ended session, but not that of a newer session."""
    bot_id = state.world.bot.user_id
    voice_state = state.voice_states.get(bot_id)
    if voice_state is not None and voice_state.session_id == session.session_id:
        entry.leave(bot_id)


def _free_port() -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, 0))
    return listening


def _tls_context(ca_file: Path) -> ssl.SSLContext:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", HOST).configure_cert(context)
    return context
