"""Orders for faults of the embedded Discord: in the bot's first answers, in voice, and of its clock."""

from __future__ import annotations

import ssl
from typing import Any

import aiohttp

from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.processes import Addresses


async def forget_next_press(addresses: Addresses, tls: ssl.SSLContext, user_id: int) -> None:
    """Refuse the next answer to this person once, as if Discord did not know the interaction."""
    await _order(addresses, tls, fault="forget_next", user_id=str(user_id))


async def refuse_answers(addresses: Addresses, tls: ssl.SSLContext, seconds: float) -> None:
    """For this time from now on, refuse every first answer with 503 Service Unavailable."""
    await _order(addresses, tls, fault="unavailable", seconds=seconds)


async def change_region(addresses: Addresses, tls: ssl.SSLContext, told_after_s: float) -> None:
    """Move the bot's call to another voice server, which is named after the close (or before it, if negative)."""
    await _order(addresses, tls, fault="change_voice_server", told_after_s=told_after_s)


async def spoil_sound(addresses: Addresses, tls: ssl.SSLContext, user_id: int, seconds: float) -> None:
    """For this time, let the bot decrypt nothing that this person says."""
    await _order(addresses, tls, fault="spoil_sound", user_id=str(user_id), seconds=seconds)


async def silence_udp(addresses: Addresses, tls: ssl.SSLContext) -> None:
    """Let nothing more through between the bot's present UDP socket and the voice server."""
    await _order(addresses, tls, fault="silence_udp")


async def advance_clock(addresses: Addresses, tls: ssl.SSLContext, seconds: float) -> None:
    """Let time pass by Discord's clock."""
    await _order(addresses, tls, fault="advance_clock", seconds=seconds)


async def _order(addresses: Addresses, tls: ssl.SSLContext, **fault: Any) -> None:
    connector = aiohttp.TCPConnector(ssl=tls)
    async with (
        aiohttp.ClientSession(connector=connector) as http,
        http.post(f"{addresses.api}/faults", params={"key": addresses.cast_key}, json=fault) as response,
    ):
        if response.status != 204:
            raise RehearsalFailed(f"The embedded Discord refused the fault {fault}: {await response.text()}")
