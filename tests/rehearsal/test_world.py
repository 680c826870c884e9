"""The world of a rehearsal: writing and reading it, ids, names."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.embedded.guild.world import World
from bot.rehearsal.world import default_world


@given(st.integers(0, 10**9), st.integers(2, 12))
def test_a_world_is_read_as_it_was_written(seed: int, performers: int) -> None:
    world = default_world(seed, performers=performers)
    assert World.from_json(world.to_json()) == world
    assert world == default_world(seed, performers=performers)
    assert len(world.with_part("performer")) == performers


@given(st.integers(0, 10**9))
def test_ids_and_names_can_be_searched_for(seed: int) -> None:
    world = default_world(seed)
    ids = [world.guild_id, world.bot.user_id, *(person.user_id for person in world.people)]
    assert all(len(str(each)) == 18 for each in ids)
    assert len(set(ids)) == len(ids)
    names = [person.name.lower() for person in world.people]
    assert all(len(name) >= 10 and name.isalpha() for name in names)
    assert not any(one in other for one, other in itertools.permutations(names, 2))


@pytest.mark.parametrize("coordinators", [1, 2])
def test_only_coordinators_have_the_role(coordinators: int) -> None:
    world = default_world(7, coordinators=coordinators)
    [role] = world.roles
    assert role.name == "Coordinator"
    holders = [person.part for person in world.people if role.role_id in person.role_ids]
    assert holders == ["coordinator"] * coordinators


def test_a_second_coordinator_leaves_everyone_else_who_they_are() -> None:
    assert default_world(7, coordinators=2).people[:-1] == default_world(7).people


def test_a_world_with_an_unknown_field_is_refused(world: World, tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    path.write_text(world.to_json().replace('"seed"', '"sead"'))
    with pytest.raises(TypeError, match="sead"):
        World.read(path)
