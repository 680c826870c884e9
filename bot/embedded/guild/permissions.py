"""Who may do what in a channel. Pure functions.

The computation follows Discord's documentation, "Permissions" > "Permission Hierarchy", with its implicit rule: in a
voice channel that a person may not connect to, only the permission to see it is left.
"""

from __future__ import annotations

from bot.embedded.guild.world import Channel, Permission, Role, World

ALL = -1


def role_ids_of(world: World, user_id: int) -> tuple[int, ...]:
    """Return the roles of a person or of the bot, besides @everyone."""
    if user_id == world.bot.user_id:
        return (world.bot.role_id,)
    return next((person.role_ids for person in world.people if person.user_id == user_id), ())


def roles_of_guild(world: World) -> tuple[Role, ...]:
    """Return all roles: @everyone (its id is the guild's), the bot's managed role, and the others."""
    everyone = Role(world.guild_id, "@everyone", world.everyone_permissions)
    return (everyone, Role(world.bot.role_id, world.bot.name, world.bot.permissions), *world.roles)


def base_permissions(world: World, user_id: int) -> int:
    """Return what the roles grant before any channel's overwrites; ALL for the owner and administrators."""
    if user_id == world.owner_id:
        return ALL
    granted = world.everyone_permissions
    mine = role_ids_of(world, user_id)
    for role in roles_of_guild(world):
        if role.role_id in mine:
            granted |= role.permissions
    return ALL if granted & Permission.ADMINISTRATOR else granted


def channel_permissions(world: World, channel: Channel, user_id: int) -> int:
    """Return what a person may do in one channel, as bits; ALL for the owner and administrators."""
    granted = base_permissions(world, user_id)
    if granted == ALL:
        return ALL
    mine = role_ids_of(world, user_id)
    for targets in ((world.guild_id,), mine, (user_id,)):
        matching = [each for each in channel.overwrites if each.target_id in targets]
        for overwrite in matching:
            granted &= ~overwrite.deny
        for overwrite in matching:
            granted |= overwrite.allow
    if not granted & Permission.VIEW_CHANNEL:
        return 0
    if channel.kind != "text" and not granted & Permission.CONNECT:
        return int(Permission.VIEW_CHANNEL)
    return granted


def may(world: World, channel: Channel, user_id: int, needed: Permission) -> bool:
    """Whether a user has all of the needed permissions in a channel."""
    return channel_permissions(world, channel, user_id) & needed == needed


def bits_sent(permissions: int) -> str:
    """Return permission bits as Discord sends them: a decimal text."""
    return str((1 << 53) - 1 if permissions == ALL else permissions)
