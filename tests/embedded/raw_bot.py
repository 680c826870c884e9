"""A minimal bot that follows no rule by itself, for breaking Discord's rules, and a place where it can do so."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.embedded.client.person import Person
from bot.embedded.clock import Clock
from bot.embedded.guild.world import Profile, World
from bot.embedded.journal import read_journal
from bot.embedded.server import Addresses, EmbeddedDiscord, embedded_discord

GUILDS = 1 << 0
VOICE_STATES = 1 << 7
MESSAGES = 1 << 9
EPHEMERAL = 1 << 6
V2 = 1 << 15


@dataclass(frozen=True, slots=True)
class Answer:
    """Discord's answer to a request: status, JSON code, the whole body and the headers."""

    status: int
    data: Any
    headers: Any

    @property
    def refusal(self) -> tuple[int, int]:
        """HTTP status and JSON code."""
        return self.status, self.data["code"]

    def fault_at(self, *path: str | int) -> str:
        """Discord's code for the error at a place in the body."""
        node = self.data["errors"]
        for step in path:
            node = node[str(step)]
        return node["_errors"][0]["code"]


class RawBot:
    """REST calls and one gateway socket, without any help or pacing."""

    def __init__(self, http: aiohttp.ClientSession, addresses: Addresses, world: World) -> None:
        self.http = http
        self.addresses = addresses
        self.world = world
        self.socket: aiohttp.ClientWebSocketResponse | None = None
        self.dispatched: list[dict[str, Any]] = []
        self._sockets: list[aiohttp.ClientWebSocketResponse] = []

    async def request(self, method: str, path: str, json_body: Any = None, **more: Any) -> Answer:
        """A REST call with the bot's token."""
        headers = {"Authorization": f"Bot {self.addresses.token}"} | more.pop("headers", {})
        if json_body is not None:
            more["data"] = json.dumps(json_body)
            headers["Content-Type"] = "application/json"
        url = f"{self.addresses.api}/api/v10{path}"
        async with self.http.request(method, url, headers=headers, **more) as response:
            text = await response.text()
            return Answer(response.status, json.loads(text) if text else None, response.headers)

    async def upload(self, method: str, path: str, body: Any, files: dict[str, bytes]) -> Answer:
        """A REST call with files."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", json.dumps(body))
        for number, (name, data) in enumerate(files.items()):
            form.add_field(f"files[{number}]", io.BytesIO(data), filename=name, content_type="application/octet-stream")
        return await self.request(method, path, data=form)

    async def connect(self, intents: int = GUILDS | VOICE_STATES, token: str | None = None) -> None:
        """Open the gateway and identify."""
        await self.dial(self.addresses.gateway)
        assert self.socket is not None
        identify = {"token": token or self.addresses.token, "intents": intents, "properties": {}}
        await self.socket.send_json({"op": 2, "d": identify})

    async def dial(self, url: str) -> None:
        """Open the gateway and wait for its HELLO."""
        self.socket = await self.http.ws_connect(url)
        self._sockets.append(self.socket)
        assert (await self.socket.receive_json())["op"] == 10

    async def hang_up(self) -> None:
        """Close every socket that was opened."""
        for socket in self._sockets:
            await socket.close()

    async def send(self, op: int, data: Any) -> None:
        """Send an op of the gateway."""
        assert self.socket is not None
        await self.socket.send_json({"op": op, "d": data})

    async def close_code(self) -> int | None:
        """Read until the gateway closes; returns its code."""
        assert self.socket is not None
        async with asyncio.timeout(5):
            async for _ in self.socket:
                pass
        return self.socket.close_code

    async def event(self, name: str, timeout: float = 5.0) -> Any:
        """The data of the next dispatch of this name."""
        assert self.socket is not None
        async with asyncio.timeout(timeout):
            while True:
                frame = await self.socket.receive_json()
                if frame.get("t") is not None:
                    self.dispatched.append(frame)
                if frame.get("t") == name:
                    return frame["d"]

    async def silence(self, name: str, seconds: float) -> bool:
        """Whether no such dispatch arrives for a while."""
        try:
            await self.event(name, seconds)
        except TimeoutError:
            return True
        return False

    async def register(self, *commands: dict[str, Any]) -> Answer:
        """Register commands globally; each gets a description."""
        bodies = [{"description": "what it does", **command} for command in commands]
        return await self.request("PUT", f"/applications/{self.world.bot.application_id}/commands", bodies)

    async def callback(self, interaction: dict[str, Any], kind: int, data: Any = None) -> Answer:
        """A first answer."""
        path = f"/interactions/{interaction['id']}/{interaction['token']}/callback?with_response=1"
        return await self.request("POST", path, {"type": kind} | ({"data": data} if data is not None else {}))

    def webhook(self, interaction: dict[str, Any], rest: str = "") -> str:
        """The path of an interaction's follow-ups."""
        return f"/webhooks/{self.world.bot.application_id}/{interaction['token']}{rest}"


@dataclass(frozen=True, slots=True)
class House:
    """A running embedded Discord with a raw bot, people on demand and a clock that a test can advance."""

    discord: EmbeddedDiscord
    world: World
    bot: RawBot
    clock: Clock
    tls: ssl.SSLContext
    stack: contextlib.AsyncExitStack = field(repr=False)

    @property
    def text_channel(self) -> int:
        """The guild's text channel."""
        return self.world.of_kind("text")[0].channel_id

    @property
    def voice_channel(self) -> int:
        """The guild's voice channel."""
        return self.world.of_kind("voice")[0].channel_id

    async def person(self, profile: Profile | int = 0) -> Person:
        """Connect one of the people, by number or profile."""
        profile = self.world.people[profile] if isinstance(profile, int) else profile
        where = self.discord.addresses
        return await self.stack.enter_async_context(
            Person.connect(where.cast, where.cast_key, profile.user_id, self.tls)
        )

    async def interaction(self, person: Person, command: str = "hello") -> tuple[dict[str, Any], asyncio.Task[Any]]:
        """Let a person send a command; returns the interaction as the bot gets it, and the pending reply."""
        task = asyncio.create_task(person.slash(self.text_channel, command))
        return await self.bot.event("INTERACTION_CREATE"), task

    async def post(self, body: dict[str, Any], channel_id: int | None = None) -> Answer:
        """Let the bot write in a channel."""
        return await self.bot.request("POST", f"/channels/{channel_id or self.text_channel}/messages", body)

    def journal(self, *kinds: str) -> list[dict[str, Any]]:
        """The journal so far."""
        self.discord.hub.journal.flush()
        return list(read_journal(Path(self.discord.addresses.journal), *kinds))


@asynccontextmanager
async def open_house(world: World, folder: Path) -> AsyncIterator[House]:
    """Start an embedded Discord for a test."""
    clock = Clock()
    async with contextlib.AsyncExitStack() as stack:
        discord = await stack.enter_async_context(embedded_discord(world, folder, clock=clock))
        tls = ssl.create_default_context(cafile=discord.addresses.ca_file)
        connector = aiohttp.TCPConnector(ssl=tls)
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        bot = RawBot(http, discord.addresses, world)
        stack.push_async_callback(bot.hang_up)
        yield House(discord, world, bot, clock, tls, stack)
