"""A real discord.py client on the embedded Discord, and every body it sends against Discord's own description."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands, http, ui
from discord.gateway import DiscordWebSocket

from bot.embedded.client.person import Refused
from bot.embedded.client.replies import SentFile
from bot.embedded.guild.world import World
from tests import openapi
from tests.embedded.raw_bot import House, open_house

Interaction = discord.Interaction[discord.Client]
SCOPES = [discord.CheckboxGroupOption(label="Record", value="record"), discord.CheckboxGroupOption(label="Publish")]


class Panel(ui.LayoutView):
    """A panel of Components V2 that works after its process has ended."""

    def __init__(self, state: str = "waiting") -> None:
        super().__init__(timeout=None)
        row: ui.ActionRow[Panel] = ui.ActionRow()
        card: ui.Button[Panel] = ui.Button(label="My card", custom_id="panel:card")
        card.callback = self.show_card
        row.add_item(card)
        section: ui.Section[Panel] = ui.Section("state", accessory=ui.Button(label="Cut", custom_id="panel:cut"))
        self.add_item(ui.Container(ui.TextDisplay(f"The panel is {state}."), ui.Separator(), section, row))

    async def show_card(self, interaction: Interaction) -> None:
        await interaction.response.send_message("You are a baker.", ephemeral=True)


class RatingForm(ui.Modal, title="What did you hear?"):
    """One of each kind of field."""

    emotion: Any = ui.Label(
        text="Emotion",
        component=ui.Select(options=[discord.SelectOption(label="Joy"), discord.SelectOption(label="Fear")]),
    )
    valence: Any = ui.Label(
        text="Valence",
        description="1 to 5",
        component=ui.RadioGroup(options=[discord.RadioGroupOption(label=f"{number}") for number in range(1, 6)]),
    )
    scopes: Any = ui.Label(text="Scopes", component=ui.CheckboxGroup(options=SCOPES, required=False, min_values=0))
    note: Any = ui.Label(text="Note", component=ui.TextInput(required=False))

    async def on_submit(self, interaction: Interaction, /) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        values = [self.emotion.component.values, self.valence.component.value, self.scopes.component.values]
        file = discord.File(Path(__file__), "clip.ogg")
        await interaction.followup.send(f"{values} {self.note.component.value!r}", file=file, ephemeral=True)


class Settings(ui.LayoutView):
    """Menus that Discord fills, with earlier choices as defaults."""

    def __init__(self, role_id: int) -> None:
        super().__init__(timeout=None)
        self.role: Any = ui.RoleSelect(
            custom_id="role",
            default_values=[discord.SelectDefaultValue(id=role_id, type=discord.SelectDefaultValueType.role)],
        )
        self.channel: Any = ui.ChannelSelect(custom_id="channel", channel_types=[discord.ChannelType.voice])
        self.role.callback = self.choose_role
        self.channel.callback = self.choose_channel
        for menu in (self.role, self.channel):
            row: ui.ActionRow[Settings] = ui.ActionRow()
            row.add_item(menu)
            self.add_item(row)

    async def choose_role(self, interaction: Interaction) -> None:
        await interaction.response.send_message(f"Role {self.role.values[0].name}", ephemeral=True)

    async def choose_channel(self, interaction: Interaction) -> None:
        await interaction.response.send_message(f"Channel {self.channel.values[0].name}", ephemeral=True)


class Client(discord.Client):
    """A client with a few commands."""

    def __init__(self, house: House) -> None:
        intents = discord.Intents(guilds=True, voice_states=True)
        super().__init__(intents=intents, connector=aiohttp.TCPConnector(ssl=house.tls), guild_ready_timeout=0.1)
        self.tree = app_commands.CommandTree(self)
        self.resumed = asyncio.Event()
        session = app_commands.Group(name="session", description="an evening")
        session.command(name="start", description="begins")(start)
        self.tree.add_command(session)
        self.tree.command(name="rate", description="asks")(rate)
        self.tree.command(name="import", description="reads")(import_deck)
        self.tree.command(name="settings", description="chooses")(settings)

    async def setup_hook(self) -> None:
        self.add_view(Panel())
        await self.tree.sync()

    async def on_resumed(self) -> None:
        self.resumed.set()


@app_commands.describe(deck="which", minutes="how long")
@app_commands.choices(deck=[app_commands.Choice(name="Everyday", value="everyday")])
async def start(
    interaction: Interaction, deck: str, who: discord.Member, minutes: app_commands.Range[int, 1, 9] = 3
) -> None:
    assert isinstance(interaction.channel, discord.VoiceChannel)
    assert interaction.guild is not None
    await interaction.response.defer(ephemeral=True)
    panel = await interaction.channel.send(view=Panel())
    await interaction.guild.me.edit(nick="on air")
    await panel.edit(view=Panel("open"))
    await interaction.edit_original_response(content=f"{deck} for {minutes} minutes with {who.display_name}")


async def rate(interaction: Interaction) -> None:
    await interaction.response.send_modal(RatingForm())


async def import_deck(interaction: Interaction, deck: discord.Attachment, name: str) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.followup.send(f"{name}: {(await deck.read()).decode()}")


async def settings(interaction: Interaction) -> None:
    assert interaction.guild is not None
    role = discord.utils.get(interaction.guild.roles, name="Coordinator")
    assert role is not None
    await interaction.response.send_message(view=Settings(role.id), ephemeral=True)


@pytest.fixture
async def lit_house(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[House, Client]]:
    """A house with a discord.py client that is ready."""
    async with open_house(world, tmp_path) as house:
        monkeypatch.setattr(http.Route, "BASE", f"{house.discord.addresses.api}/api/v10")
        gateway = yarl.URL(house.discord.addresses.gateway)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        async with Client(house) as client:
            running = asyncio.create_task(client.start(world.bot.token))
            async with asyncio.timeout(10):
                await client.wait_until_ready()
            yield house, client
            await client.close()
            await running


async def test_a_session_is_started_and_its_panel_pressed(lit_house: tuple[House, Client]) -> None:
    house, client = lit_house
    coordinator, performer = await house.person(6), await house.person(0)
    who = house.world.people[0]
    reply = await coordinator.slash(house.voice_channel, "session start", deck="Everyday", who=who.user_id, minutes=5)
    assert reply.text == f"everyday for 5 minutes with {who.name}"
    assert reply.message is not None
    assert reply.message.is_ephemeral
    assert coordinator.nicks[house.world.bot.user_id] == "on air"
    panel = await performer.wait_for_message(lambda message: "panel is open" in message.text)
    card = await performer.click(panel, "My card")
    assert card.text == "You are a baker."
    assert client.get_guild(house.world.guild_id) is not None


async def test_a_form_is_filled_in_and_answered_with_a_file(lit_house: tuple[House, Client]) -> None:
    house, _ = lit_house
    person = await house.person(1)
    form = (await person.slash(house.text_channel, "rate")).modal
    assert form is not None
    assert [field.label for field in form.fields] == ["Emotion", "Valence", "Scopes", "Note"]
    reply = await person.submit(form, {"Emotion": "Fear", "Valence": 4, "Scopes": ["Record", "Publish"]})
    assert reply.text == "[['Fear'], '4', ['record', 'Publish']] ''"
    assert reply.message is not None
    [file] = reply.message.attachments
    assert len(await person.download(file)) == file.size_bytes > 1_000


async def test_a_file_is_sent_along_with_a_command_and_read(lit_house: tuple[House, Client]) -> None:
    house, _ = lit_house
    person = await house.person(6)
    deck = SentFile("deck.toml", "Zwölf Prompts".encode())
    reply = await person.slash(house.text_channel, "import", deck=deck, name="ours")
    assert reply.text == "ours: Zwölf Prompts"


async def test_roles_and_channels_are_chosen(lit_house: tuple[House, Client]) -> None:
    house, _ = lit_house
    person = await house.person(6)
    menus = (await person.slash(house.text_channel, "settings")).message
    assert menus is not None
    [role] = house.world.roles
    assert (await person.select(menus, "role", str(role.role_id))).text == "Role Coordinator"
    assert (await person.select(menus, "channel", str(house.voice_channel))).text == "Channel Stage"


async def test_the_client_resumes_and_serves_what_it_missed(lit_house: tuple[House, Client]) -> None:
    house, client = lit_house
    person = await house.person(2)
    await house.discord.hub.gateway.drop(4000)
    form = await person.slash(house.text_channel, "rate")
    assert form.modal is not None
    async with asyncio.timeout(5):
        await client.resumed.wait()
    assert [entry["code"] for entry in house.journal("gateway_refused")] == []


async def test_the_client_joins_and_leaves_voice(lit_house: tuple[House, Client]) -> None:
    house, client = lit_house
    person = await house.person(0)
    await person.join_voice(house.voice_channel)
    channel = client.get_channel(house.voice_channel)
    assert isinstance(channel, discord.VoiceChannel)
    voice = await channel.connect(timeout=5)
    assert voice.is_connected()
    assert {member.id for member in channel.members} == {person.user_id, house.world.bot.user_id}
    await voice.disconnect()
    await person.wait_until(lambda: house.world.bot.user_id not in person.voice_channels)


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        ("sesion start", {}, "no command /sesion"),
        ("session", {}, "needs a subcommand"),
        ("session stop", {}, "no command /session stop"),
        ("session start", {"deck": "everyday"}, "'who' is required"),
        ("session start", {"deck": "other", "who": 1}, "not among the choices"),
        ("session start", {"deck": "everyday", "who": 1}, "no member 1"),
        ("session start", {"deck": "everyday", "who": 1, "minutes": "5"}, "does not fit"),
        ("session start", {"deck": "everyday", "who": 1, "minutes": 10}, "outside the limits"),
        ("session start", {"deck": "everyday", "who": 1, "extra": 1}, "no option"),
    ],
)
async def test_a_client_does_not_send_a_command_that_does_not_fit(
    lit_house: tuple[House, Client], command: str, options: dict[str, Any], sentence: str
) -> None:
    house, _ = lit_house
    person = await house.person(3)
    with pytest.raises(Refused, match=sentence):
        await person.slash(house.voice_channel, command, **options)
    assert house.journal("interaction_created") == []


async def test_a_command_in_a_dm_reaches_the_bot(lit_house: tuple[House, Client]) -> None:
    house, _ = lit_house
    person = await house.person(3)
    reply = await person.slash(await person.open_dm(), "rate")
    assert reply.modal is not None
    assert house.journal("unknown_route", "server_fault") == []


async def test_every_body_the_client_sent_is_as_discord_describes_it(lit_house: tuple[House, Client]) -> None:
    if not openapi.description_path().exists():
        pytest.skip("Discord's OpenAPI description is not there (../shared is absent).")
    house, _ = lit_house
    person = await house.person(6)
    who = house.world.people[0].user_id
    await person.slash(house.voice_channel, "session start", deck="everyday", who=who)
    form = (await person.slash(house.voice_channel, "rate")).modal
    await person.submit(form, {"Emotion": "Joy", "Valence": 1})
    panel = await person.wait_for_message(lambda message: "panel is open" in message.text)
    await person.click(panel, "My card")
    house.discord.hub.journal.flush()
    bodies = openapi.RequestBodies(openapi.description_path())
    assert bodies.journal_errors(Path(house.discord.addresses.journal)) == []
    sent = {(entry["method"], entry["template"]) for entry in house.journal("rest_request") if entry["body"]}
    assert len(sent) >= 7


async def test_a_refused_login_raises_immediately(lit_house: tuple[House, Client]) -> None:
    house, _ = lit_house
    client = discord.Client(intents=discord.Intents.none(), connector=aiohttp.TCPConnector(ssl=house.tls))
    with pytest.raises(discord.LoginFailure):
        await client.login("wrong")
    await client.close()


async def test_an_unknown_route_raises_immediately(lit_house: tuple[House, Client]) -> None:
    house, client = lit_house
    channel = client.get_channel(house.text_channel)
    assert isinstance(channel, discord.TextChannel)
    async with asyncio.timeout(1):
        with pytest.raises(discord.DiscordServerError, match="501"):
            await channel.create_thread(name="thread")
    assert [entry["kind"] for entry in house.journal("unknown_route")] == ["unknown_route"]


async def test_a_client_that_does_not_trust_the_written_certificate_is_not_served(house: House) -> None:
    async with aiohttp.ClientSession() as stranger:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await stranger.get(f"{house.discord.addresses.api}/api/v10/gateway")
