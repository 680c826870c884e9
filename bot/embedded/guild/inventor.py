"""Ids, names and tokens of a made-up guild, drawn from a seed."""

from __future__ import annotations

import base64
import random

_SYLLABLES = (
    ("bl", "br", "dr", "fl", "gr", "kl", "kr", "pl", "pr", "skr", "tr", "vl", "zw", "j", "qu"),
    ("a", "e", "i", "o", "u", "ae", "oi", "uu"),
    ("x", "lk", "mp", "nd", "rg", "rsk", "sht", "vv", "zz", "nth"),
)


class Inventor:
    """Draws ids and names from a seed. No two are equal, and no name is part of another."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"promptbook world {seed}")
        self._drawn: list[str] = []

    def snowflake(self) -> int:
        """Return an 18-digit id, as Discord issued them from late 2015 to mid 2022."""
        while True:
            drawn = str(self._random.randrange(10**17, 10**18))
            if drawn not in self._drawn:
                self._drawn.append(drawn)
                return int(drawn)

    def name(self) -> str:
        """Return one invented word of at least 10 letters, capitalised."""
        while True:
            word = ""
            while len(word) < 10:
                word += "".join(map(self._random.choice, _SYLLABLES))
            if not any(word in other or other in word for other in self._drawn):
                self._drawn.append(word)
                return word.capitalize()

    def bot_token(self, user_id: int) -> str:
        """Return a token in the shape of Discord's: the account's id in base64, 6 characters, 38 characters."""
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        head = base64.urlsafe_b64encode(str(user_id).encode()).decode().rstrip("=")
        return ".".join((head, *("".join(self._random.choices(alphabet, k=k)) for k in (6, 38))))
