"""How even the deals are. Each measure is 0 or 1 if it could not be better, and grows with unevenness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations

from bot.domain.ids import PersonId
from tools.casting.evenings import Dealt, Record
from tools.casting.troupes import Troupe

Pair = tuple[int, int]


def span(counts: Iterable[int]) -> int:
    """Return the difference between the largest and the smallest count; 0 without any."""
    found = list(counts)
    return max(found) - min(found) if found else 0


def emotion_span(troupe: Troupe, record: Record) -> int:
    """Return the largest difference between how often one performer was dealt two emotions, at any time."""
    keys = [one.key for one in troupe.materials.emotions.emotions]
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    worst = 0
    for _, part in record.parts():
        counts[part.person_id][part.target_emotion] += 1
        worst = max(worst, span(counts[part.person_id][key] for key in keys))
    return worst


def intensity_span(troupe: Troupe, record: Record) -> int:
    """Return the same for two intensities, of emotions with degrees."""
    graded = {one.key for one in troupe.materials.emotions.emotions if one.has_degrees}
    counts: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for _, part in record.parts():
        if part.target_emotion in graded:
            counts[part.person_id][part.target_intensity] += 1
    return max((span(of[degree] for degree in (1, 2, 3)) for of in counts.values()), default=0)


def stage_span(troupe: Troupe, record: Record) -> int:
    """Return the largest difference in any session between the times on stage of two people who were always present."""
    worst = 0
    for session in range(len(troupe.sessions)):
        scenes = [one for one in record.scenes if one.session == session]
        always = set(scenes[0].present).intersection(*(one.present for one in scenes)) if scenes else set[PersonId]()
        counts = Counter(person for one in scenes for person in one.cast)
        worst = max(worst, span(counts[person] for person in always))
    return worst


def longest_stay(troupe: Troupe, record: Record) -> int:
    """Return the most consecutive scenes of a person on stage while enough people waited to replace the whole group."""
    longest = 0
    for session in range(len(troupe.sessions)):
        in_a_row = Counter[int]()
        for scene in (one for one in record.scenes if one.session == session):
            enough = len(scene.present) >= 2 * len(scene.cast)
            in_a_row = Counter({person: in_a_row[person] + 1 for person in scene.cast if enough})
            longest = max(longest, *in_a_row.values(), 0)
    return longest


def pair_span(troupe: Troupe, record: Record) -> int:
    """Return the largest difference after a session between the meetings of two pairs present for the same scenes."""
    worst = 0
    for session in range(len(troupe.sessions)):
        so_far = [one for one in record.scenes if one.session <= session]
        worst = max(worst, span_within_kinds(so_far))
    return worst


def span_within_kinds(scenes: Iterable[Dealt]) -> int:
    """Return the largest difference between the meetings of two pairs that were present for the same scenes."""
    there: defaultdict[Pair, list[int]] = defaultdict(list)
    met = Counter[Pair]()
    for number, scene in enumerate(scenes):
        met.update(combinations(scene.cast, 2))
        for pair in combinations(scene.present, 2):
            there[pair].append(number)
    return max((span(met[pair] for pair in kind) for kind in kinds_of(there)), default=0)


def kinds_of(there: Mapping[Pair, list[int]]) -> list[list[Pair]]:
    """Group pairs by the scenes for which both were present."""
    kinds: defaultdict[Hashable, list[Pair]] = defaultdict(list)
    for pair, scenes in there.items():
        kinds[tuple(scenes)].append(pair)
    return list(kinds.values())


def prompt_span(troupe: Troupe, record: Record) -> int:
    """Return the largest difference between the uses of two prompts that could have been dealt in every scene."""
    fewest = min((len(scene.present) for scene in record.scenes), default=0)
    lines = troupe.lines_of(troupe.people)
    counts = Counter(scene.deal.prompt.prompt_id for scene in record.scenes)
    prompts = troupe.materials.deck.prompts
    return span(
        counts[one.prompt_id] for one in prompts if one.tags.isdisjoint(lines) and one.fewest_performers <= fewest
    )


def known_prompts(_: Troupe, record: Record) -> int:
    """Count castings in a prompt that the performer had played before."""
    played = Counter((part.person_id, scene.deal.prompt.prompt_id) for scene, part in record.parts())
    return sum(times - 1 for times in played.values())


def shared_emotions(troupe: Troupe, record: Record) -> int:
    """Count castings with the target of another performer on stage, beyond what the number of emotions requires."""
    there_are = len(troupe.materials.emotions.emotions)
    return sum(
        min(len(scene.cast), there_are) - len({part.target_emotion for part in scene.deal.castings})
        for scene in record.scenes
    )


def emotions_again(_: Troupe, record: Record) -> int:
    """Count castings with the target of the performer's previous scene."""
    last: dict[int, str] = {}
    again = 0
    for _scene, part in record.parts():
        again += last.get(part.person_id) == part.target_emotion
        last[part.person_id] = part.target_emotion
    return again


def crossed_lines(troupe: Troupe, record: Record) -> int:
    """Count scenes dealt against a line of a person who was present."""
    return sum(not scene.deal.prompt.tags.isdisjoint(troupe.lines_of(scene.present)) for scene in record.scenes)
