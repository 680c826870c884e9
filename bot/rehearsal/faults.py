"""Orders for faults of the embedded Discord in the bot's first answers."""

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


async def _order(addresses: Addresses, tls: ssl.SSLContext, **fault: Any) -> None:
    connector = aiohttp.TCPConnector(ssl=tls)
    async with (
        aiohttp.ClientSession(connector=connector) as http,
        http.post(f"{addresses.api}/faults", params={"key": addresses.cast_key}, json=fault) as response,
    ):
        if response.status != 204:
            raise RehearsalFailed(f"The embedded Discord refused the fault {fault}: {await response.text()}")
