"""One bot per home folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.home.errors import HomeUnusable
from bot.home.lock import held_home
from bot.home.places import Home


def test_a_home_is_held_by_one_and_free_again_afterwards(tmp_path: Path):
    home = Home(tmp_path / "home")
    with held_home(home), pytest.raises(HomeUnusable) as refused, held_home(home):
        pass
    assert str(refused.value) == (
        f"Another bot is running with the home folder {home}. Stop it first, or choose another folder with --home."
    )
    with held_home(home):
        pass
