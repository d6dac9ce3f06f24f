"""What bringing a file over would do here, line by line, before anything is written (ADR 78).

Into an empty installation everything goes as it was. Where there are data already it is merged with them: rows that say
the same in both stand here once, and what has a name that is taken here gets another, which the officer sees and may
change. Nothing is joined silently.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from commentary.models import AreaOfFocus, Commentary, SignOff
from indicators.calculations.vocabulary import GroupKind
from indicators.models import (
    Comparator,
    ComparatorGroup,
    Deputy,
    Indicator,
    MonthlyValue,
    Population,
    PopulationGroup,
    Target,
    User,
)
from indicators.moments import day_in_words
from scorecard.models import (
    CouncilDetails,
    Edition,
    GlossaryEntry,
    Logo,
    Publication,
    Scorecard,
    Slug,
    Withholding,
)
from scorecard.roles import PERFORMANCE_OFFICERS

from .contents import NUMBERED, ROLES, Keys, Model, MoveError, Record, Shape, frozen, is_forgotten, shape_of, shapes
from .importing import SOMEBODY_ELSE, Fit, highest_number, is_empty
from .reading import MovedFile

# What people know of a file, in the order in which it is said.
SAID: tuple[Model, ...] = (
    *(Scorecard, Edition, Publication, Indicator, MonthlyValue, Target, Comparator, Commentary, SignOff, AreaOfFocus),
    *(PopulationGroup, ComparatorGroup, GlossaryEntry, User, Withholding),
)
# Of the other council's, these stay where they are: here there is a council already.
LEFT_THERE: tuple[Model, ...] = (CouncilDetails, Logo)
# What a name that is taken here is of.
NAMED: tuple[tuple[Model, str], ...] = (
    (Scorecard, "slug"),
    (Scorecard, "title"),
    (Indicator, "reference"),
    (PopulationGroup, "name"),
    (ComparatorGroup, "name"),
    (ComparatorGroup, "short_name"),
    (User, "username"),
)
WORDS_FOR = {"slug": "address", "short_name": "short name", "username": "user name"}
# Models in which two installations that come from the same one have rows made at the same moment.
TELL_ORIGIN: tuple[Model, ...] = (Scorecard, Indicator)
# Which fields of the file's rows are looked at below, beside what the rows are told by: words or whole numbers.
COMPARED: dict[Model, tuple[str, ...]] = {
    User: ("username",),
    Deputy: ("starts_on",),
    ComparatorGroup: ("code", "name", "short_name", "kind", "explanation"),
    PopulationGroup: ("name",),
    Population: ("year", "people"),
    GlossaryEntry: ("short_form", "meaning"),
    Slug: ("slug",),
    Scorecard: ("slug", "title"),
    Indicator: ("reference",),
}
CONTRADICTS = "The file contradicts itself: a row of it lacks what it is told by, or can’t be read ({})."
# So that a number there can be told from the one here: 12 is 1012, or 2012.
ROUND = 1000
MOST_AT_ONCE = 500
BROUGHT_OVER = "Brought over from"
ALREADY = (
    "This was brought over already, on {day}{by}. Nothing of it is brought over again, so nothing is doubled: there is "
    "nothing to do."
)
PARTLY = (
    "Part of this was brought over already, on {day}{by}, and part of it wasn’t. Merging would double the former, so "
    "nothing is brought over. Bring the file over into an empty installation instead."
)
SAME_ORIGIN = (
    "The file and this installation have the same origin: {what} was made at the very same moment in both. Merging "
    "would double what both have. Bring the file over into an empty installation instead."
)
OTHER_YEARS = (
    "Years begin in {there} there and in {here} here. Each indicator keeps its own year; headings of reports that are "
    "published from now on say years as they are here."
)


SAME_PERSON = "one person by the e-mail address; the account here stays as it is, with its roles"
NOT_TOLD_APART = (
    "{name} there has the e-mail address of {who} here, but it can’t be told who of them is who. So {name} gets an "
    "account of their own."
)


class Taken(NamedTuple):
    """A name in the file that something else has here, and under which it is brought over."""

    model: Model
    field: str
    # What the row is told by in the file, and the name that is taken.
    key: Any
    name: str
    # What has it here.
    holder: str
    suggested: str
    chosen: str
    problem: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """What a choice of its name is kept under."""
        return self.model._meta.label_lower, self.field, self.name

    @property
    def what(self) -> str:
        """Whose name it is, in words; the command line says it so, too."""
        words = WORDS_FOR.get(self.field, self.field)
        return words if self.model is User else f"{self.model._meta.verbose_name} {words}"


class Same(NamedTuple):
    """A row of the file that stands here already and is used; `words` say what differs."""

    what: str
    name: str
    words: str = ""


class Newcomer(NamedTuple):
    """Somebody in the file with a role there who has no account here."""

    username: str
    name: str
    roles: tuple[str, ...]


class Amount(NamedTuple):
    """How many rows of a kind the file has, and how many of them stand here already."""

    what: str
    there: int
    same: int

    @property
    def new(self) -> int:
        return self.there - self.same


@dataclass(frozen=True)
class Choices:
    """What an officer decided: the letters that tell the other council's names, names by model, field and the name
    there, and to whom of the newcomers, by user name, the roles that they have there are given here.
    """

    letters: str = ""
    names: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    roles: Collection[str] = ()


AS_SUGGESTED = Choices()


class Arriving:
    """A file beside what is here: what is new, what is the same, what clashes. Nothing is written. Raises MoveError."""

    def __init__(self, file: MovedFile, choices: Choices = AS_SUGGESTED) -> None:
        self.file, self.choices = file, choices
        self.rows = file.all_rows()
        self.is_merge = not is_empty()
        self.taken: list[Taken] = []
        self.same: list[Same] = []
        self.notes: list[str] = []
        self.refusals: list[str] = []
        self.here: dict[Model, dict[Any, int]] = defaultdict(dict)
        self.changes: dict[Model, dict[Any, Record]] = defaultdict(dict)
        self.codes: dict[str, str] = {}
        self.newcomers: list[Newcomer] = []
        self._names: dict[tuple[Model, str], tuple[set[str], set[str]]] = {}
        self._look_at_rows()
        self._compare()

    # What the file is

    @cached_property
    def source(self) -> str:
        """Whose it is, for people."""
        scorecards = [str(one.get("council", "")) for one in self.rows[Scorecard]]
        return self.file.council or next(filter(None, scorecards), "") or "another installation"

    @cached_property
    def letters(self) -> str:
        """Which tell the other council's names from those here: its initials, or what the officer chose."""
        words = [word for word in re.findall(r"[^\W\d_]+", self.source) if word[0].isupper() and word != "Council"]
        initials = "".join(word[0] for word in words[:4]) if len(words) > 1 else "".join(words)[:3]
        return self.choices.letters or initials.upper() or "2"

    @cached_property
    def latest(self) -> datetime | None:
        """When anything was changed last there before the file was written."""
        pasts = (self.file.past(shape) for shape in shapes() if shape.history)
        return max((moment for past in pasts if past and (moment := _moment(past[-1]))), default=None)

    @property
    def amounts(self) -> list[Amount]:
        """What the file has of each kind that people know."""
        found = []
        for model in SAID:
            shape, there = shape_of(model), len(self.rows[model])
            if there:
                same = len(self.here[model]) if self.is_merge else 0
                found.append(Amount(shape.name if there == 1 else shape.names, there, same))
        return found

    @property
    def fingerprint(self) -> str:
        """Tells whether it is still what somebody was shown, whatever names they choose."""
        said = [
            self.file.checksum,
            self.is_merge,
            [(one.model._meta.label, one.field, one.name, one.holder) for one in self.taken],
            self.same,
            self.newcomers,
            self.notes,
            self.refusals,
        ]
        return sha256(repr(said).encode()).hexdigest()[:16]

    @property
    def problems(self) -> list[str]:
        """What keeps it from being brought over as it was decided."""
        return [*self.refusals, *(f"{one.what} {one.name}: {one.problem}" for one in self.taken if one.problem)]

    # Comparing

    def _look_at_rows(self) -> None:
        """Refuse a file whose rows lack what they are compared by, before anything rests on that."""
        for model, names in COMPARED.items():
            try:
                of_them = self.keyed(model)
            except (KeyError, TypeError) as error:
                raise MoveError(CONTRADICTS.format(shape_of(model).name)) from error
            for _, record in of_them:
                if not all(isinstance(record.get(name), str | int) for name in names):
                    raise MoveError(CONTRADICTS.format(shape_of(model).name))

    def _compare(self) -> None:
        if not self.is_merge:
            self._compare_people_of_empty()
            return
        self._look_for_same_origin()
        if self.refusals:
            return
        self._compare_years()
        self._compare_people()
        self._compare_groups()
        self._compare_populations()
        self._compare_glossary()
        self._compare_scorecards()
        self._compare_indicators()

    def keyed(self, model: Model) -> list[tuple[Any, Record]]:
        """The rows of a model, each with what it is told by in the file."""
        keys = Keys(shape_of(model))
        return [(frozen(keys.of(record)), record) for record in self.rows[model]]

    def _use(self, model: Model, key: Any, row: Any, words: str = "") -> None:
        self.here[model][key] = row.pk
        self.same.append(Same(str(model._meta.verbose_name), str(row), words))

    def _compare_people_of_empty(self) -> None:
        here = {person.username.lower(): person for person in User.objects.all()}
        for record in self.rows[User]:
            person = here.get(str(record["username"]).lower())
            if person is None or is_forgotten(record):
                continue
            if person.email.lower() == str(record.get("email")).lower():
                words = "keeps the password and the rights of the account here, and the roles of both"
                self.same.append(Same("user", str(person), words))
            else:
                self.refusals.append(SOMEBODY_ELSE.format(name=person.username))

    def _look_for_same_origin(self) -> None:
        is_part = False
        rows: dict[Shape, list[int]] = {}
        for shape in map(shape_of, TELL_ORIGIN):
            # An entry that can't be read is refused when it is to be written.
            made = [moment for one in self.file.past(shape) if one.get("what") == "+" and (moment := _moment(one))]
            here = self._made_here(shape, list(dict.fromkeys(made)))
            rows[shape] = sorted(here)
            is_part = is_part or not set(made) <= set(here.values())
        for shape, found in rows.items():
            if not found:
                continue
            arrived = (
                shape.history._base_manager.filter(id__in=found, history_change_reason__startswith=BROUGHT_OVER)
                .select_related("history_user")
                .order_by("history_id")
                .first()
            )
            if arrived is not None:
                by = f" by {arrived.history_user}" if arrived.history_user else ""
                self.refusals.append(
                    (PARTLY if is_part else ALREADY).format(day=day_in_words(arrived.history_date), by=by)
                )
            else:
                row = shape.history._base_manager.filter(id=found[0]).order_by("-history_id")[0]
                self.refusals.append(SAME_ORIGIN.format(what=f"the {shape.name} “{row.history_object}”"))
            return

    def _made_here(self, shape: Shape, moments: Sequence[datetime]) -> dict[int, datetime]:
        """The rows here, also those that are gone, that were made at one of the moments, each with that."""
        found: dict[int, datetime] = {}
        for some in _in_parts(moments):
            of_them = shape.history._base_manager.filter(history_type="+", history_date__in=some).order_by("id")
            found |= dict(of_them.values_list("id", "history_date"))
        return found

    def _compare_years(self) -> None:
        there = next((one.get("year_starts") for one in self.rows[CouncilDetails]), None)
        if isinstance(there, int) and 1 <= there <= 12 and there != CouncilDetails.first_month():
            here = month_name[CouncilDetails.first_month()]
            self.notes.append(OTHER_YEARS.format(there=month_name[there], here=here))

    def _compare_people(self) -> None:
        people = list(User.objects.order_by("pk"))
        by_name = {person.username.lower(): person for person in people}
        by_address: dict[str, list[User]] = defaultdict(list)
        for person in people:
            if person.email:
                by_address[person.email.lower()].append(person)
        there = [(key, record) for key, record in self.keyed(User) if not is_forgotten(record)]
        # Who has the same name in both goes before who only has the same address: each account is one person's.
        there.sort(key=lambda one: str(one[1]["username"]).lower() not in by_name)
        names = {str(record["username"]).lower() for _, record in there}
        for key, record in there:
            found = by_address.get(str(record.get("email")).lower(), [])
            same = [one for one in found if one.username.lower() == str(record["username"]).lower()] or found
            if len(same) == 1 and same[0].pk not in self.here[User].values():
                self._use(User, key, same[0], SAME_PERSON)
                continue
            if found:
                who = " and ".join(sorted(person.username for person in found))
                self.notes.append(NOT_TOLD_APART.format(name=record["username"], who=who))
            self._arrive(key, record, by_name, names)
        deputies = {
            (one.person_id, one.deputy_id, one.starts_on.isoformat()): one
            for one in Deputy.objects.select_related("person", "deputy")
        }
        for key, record in self.keyed(Deputy):
            whose, stand_in = (self.here[User].get(frozen(record.get(name)), 0) for name in ("person", "deputy"))
            if (row := deputies.get((whose, stand_in, str(record["starts_on"])))) is not None:
                self._use(Deputy, key, row)

    def _arrive(self, key: Any, record: Record, by_name: Mapping[str, User], names: set[str]) -> None:
        """Somebody who has no account here yet: what they may do there they may here only if the officer says so."""
        username = str(record["username"])
        groups = record.get("groups")
        roles = tuple(one for one in ROLES if isinstance(groups, list) and one in groups)
        if roles:
            self.newcomers.append(Newcomer(username, str(record.get("name") or username), roles))
        given = roles if username in self.choices.roles else ()
        changes: Record = {"groups": [], "is_staff": PERFORMANCE_OFFICERS in given}
        if (holder := by_name.get(username.lower())) is not None:
            suggested = self._suggested(User, "username", f"{username}.{self.letters.lower()}", {*by_name, *names})
            changes["username"] = self._ask(User, "username", key, username, str(holder), suggested)
        self.changes[User][key] = changes

    def _compare_groups(self) -> None:
        here = list(ComparatorGroup.objects.order_by("pk"))
        by_name = {group.name.lower(): group for group in here}
        short_names = {group.short_name.lower(): group for group in here}
        kinds = {group.kind: group for group in here if group.kind != GroupKind.OTHER}
        codes = {group.code for group in here}
        there = self.keyed(ComparatorGroup)
        codes_there = {str(record["code"]) for _, record in there}
        names = {*by_name, *(str(record["name"]).lower() for _, record in there)}
        short_forms = {*short_names, *(str(record["short_name"]).lower() for _, record in there)}
        for key, record in there:
            code, name = str(record["code"]), str(record["name"])
            same = by_name.get(name.lower())
            if same is not None and (same.kind == GroupKind.ENGLAND or _is_one_group(same, record)):
                self.codes[code] = same.code
                words = "" if same.explanation == record["explanation"] else "explained as it is here"
                self._use(ComparatorGroup, key, same, words)
                continue
            changes: Record = {}
            if same is not None:
                suggested = self._suggested(ComparatorGroup, "name", f"{name} ({self.letters})", names)
                changes["name"] = self._ask(
                    *(ComparatorGroup, "name", key, name), f"{same.name}, with another explanation", suggested
                )
            short_name = str(record["short_name"])
            if (holder := short_names.get(short_name.lower())) is not None:
                suggested = self._suggested(ComparatorGroup, "short_name", f"{short_name} {self.letters}", short_forms)
                changes["short_name"] = self._ask(
                    ComparatorGroup, "short_name", key, short_name, holder.name, suggested
                )
            if code in codes:
                free = re.sub(r"[^a-z0-9]+", "_", f"{code[:20]}_{self.letters.lower()}").strip("_")
                changes["code"] = _free(free, {*codes, *codes_there})
                codes.add(changes["code"])
            self.codes[code] = changes.get("code", code)
            if record["kind"] in kinds:
                changes["kind"] = GroupKind.OTHER.value
                self.notes.append(
                    f"“{name}” is here beside “{kinds[record['kind']].name}”, which open data fill: figures of "
                    f"“{name}” are typed, or imported from a file of your own."
                )
            self.changes[ComparatorGroup][key] = changes

    def _compare_populations(self) -> None:
        """Two councils' populations of one name are two: only what says the same for every year is one."""
        years: dict[Any, list[tuple[Any, Record]]] = defaultdict(list)
        for key, record in self.keyed(Population):
            years[frozen(record.get("group"))].append((key, record))
        here = {group.name: group for group in PopulationGroup.objects.prefetch_related("populations")}
        taken = {*(name.lower() for name in here), *(str(one["name"]).lower() for one in self.rows[PopulationGroup])}
        for key, record in self.keyed(PopulationGroup):
            name = str(record["name"])
            group = here.get(name)
            if group is None:
                continue
            stored = {one.year: one for one in group.populations.all()}
            if {one["year"]: one["people"] for _, one in years[key]} == {y: one.people for y, one in stored.items()}:
                self._use(PopulationGroup, key, group, "with the same figures")
                self.here[Population] |= {of_year: stored[one["year"]].pk for of_year, one in years[key]}
                continue
            suggested = self._suggested(PopulationGroup, "name", f"{name} ({self.letters})", taken)
            self.changes[PopulationGroup][key] = {
                "name": self._ask(PopulationGroup, "name", key, name, f"{name}, with other figures", suggested)
            }

    def _compare_glossary(self) -> None:
        here = {entry.short_form.lower(): entry for entry in GlossaryEntry.objects.all()}
        for key, record in self.keyed(GlossaryEntry):
            entry = here.get(str(record["short_form"]).lower())
            if entry is not None:
                is_same = entry.meaning == record["meaning"]
                words = "" if is_same else f"“{record['meaning']}” there; “{entry.meaning}” here, which stays"
                self._use(GlossaryEntry, key, entry, words)

    def _compare_scorecards(self) -> None:
        addresses = list(Slug.objects.select_related("scorecard"))
        slugs, kept = {one.slug: one.scorecard for one in addresses}, {one.slug: one.pk for one in addresses}
        titles = {one.title.lower(): one for one in Scorecard.objects.all()}
        next_place = max((one.position or 0 for one in titles.values()), default=0)
        former = {str(record["slug"]): key for key, record in self.keyed(Slug)}
        there = self.keyed(Scorecard)
        names = {*titles, *(str(record["title"]).lower() for _, record in there)}
        for key, record in sorted(there, key=lambda one: _place(one[1])):
            slug, title = str(record["slug"]), str(record["title"])
            changes: Record = {"position": None}
            # After those here: the site's own address leads where it led.
            if record.get("position") is not None and next_place:
                next_place += 1
                changes["position"] = next_place
            if (holder := slugs.pop(slug, None)) is not None:
                other = f"{slug}-{self.letters.lower()}"
                suggested = self._suggested(Scorecard, "slug", re.sub(r"[^\w-]", "", other), {*slugs, slug, *former})
                changes["slug"] = self._ask(Scorecard, "slug", key, slug, str(holder), suggested)
                if slug in former:
                    self.changes[Slug][former.pop(slug)] = {"slug": changes["slug"]}
            if (holder := titles.get(title.lower())) is not None:
                suggested = self._suggested(Scorecard, "title", f"{title} ({self.source})", names)
                changes["title"] = self._ask(Scorecard, "title", key, title, str(holder), suggested)
            self.changes[Scorecard][key] = changes
        for slug in sorted(former.keys() & slugs.keys()):
            # A former address: here it leads to another scorecard, and goes on to.
            self.here[Slug][former[slug]] = kept[slug]
            self.notes.append(f"The former address “{slug}” leads to “{slugs[slug]}” here, and goes on to.")

    def _compare_indicators(self) -> None:
        here = {one.reference.lower(): one for one in Indicator.objects.all()}
        there = self.keyed(Indicator)
        taken = {*here, *(str(record["reference"]).lower() for _, record in there)}
        for key, record in there:
            reference = str(record["reference"])
            if (holder := here.get(reference.lower())) is not None:
                suggested = self._suggested(Indicator, "reference", f"{reference}-{self.letters}", taken)
                self.changes[Indicator][key] = {
                    "reference": self._ask(Indicator, "reference", key, reference, holder.title, suggested)
                }

    def _suggested(self, model: Model, name: str, wanted: str, taken: set[str]) -> str:
        """A name like the wanted one that is free here and in the file, and is from now on taken."""
        one: Any = model._meta.get_field(name)
        free = _free(wanted, taken, one.max_length)
        taken.add(free.lower())
        return free

    def _ask(self, model: Model, name: str, key: Any, taken: str, holder: str, suggested: str) -> str:
        """Under which name it is brought over, which is asked about."""
        chosen = self.choices.names.get((model._meta.label_lower, name, taken), suggested).strip()
        self.taken.append(Taken(model, name, key, taken, holder, suggested, chosen, self._wrong(model, name, chosen)))
        return chosen

    def _wrong(self, model: Model, name: str, chosen: str) -> str:
        """What is wrong with a name; nothing where it can be taken."""
        one: Any = model._meta.get_field(name)
        try:
            one.clean(chosen, None)
        except ValidationError as error:
            return " ".join(error.messages)
        given = {one.chosen.lower() for one in self.taken if (one.model, one.field) == (model, name)}
        if chosen.lower() in given:
            return "Something else in the file gets this name."
        names_here, names_there = self._names_of(model, name)
        if chosen.lower() in names_here:
            return "Something here has this name already."
        return "Something else in the file has this name." if chosen.lower() in names_there else ""

    def _names_of(self, model: Model, name: str) -> tuple[set[str], set[str]]:
        """The names of all rows here, and of all in the file, read once; of scorecards also former addresses."""
        if (model, name) not in self._names:
            kept: Model = Slug if name == "slug" else model
            here = kept._base_manager.values_list(name, flat=True)
            there = {str(record.get(name, "")).lower() for record in self.rows[kept]}
            self._names[model, name] = {one.lower() for one in here}, there
        return self._names[model, name]

    @cached_property
    def fit(self) -> Fit:
        """How the rows fit in among those here: indicators and checks get numbers above all that there ever were."""
        raised = {model: -(-highest_number(shape_of(model)) // ROUND) * ROUND for model in NUMBERED}
        return Fit(self.here, self.changes, self.codes, raised, LEFT_THERE)


def _moment(entry: Record) -> datetime | None:
    """When an entry of the history was made; None where it says no moment."""
    try:
        moment = datetime.fromisoformat(entry["at"])
    except (KeyError, TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None


def _place(scorecard: Record) -> int:
    place = scorecard.get("position")
    return place if isinstance(place, int) else 0


def _is_one_group(here: ComparatorGroup, there: Record) -> bool:
    explanation = str(there.get("explanation", ""))
    return not (here.explanation and explanation) or here.explanation == explanation


def _free(wanted: str, taken: Collection[str], longest: int = 0) -> str:
    number = 1
    while True:
        end = "" if number == 1 else f"-{number}"
        free = f"{wanted[: longest - len(end)] if longest else wanted}{end}"
        if free.lower() not in taken:
            return free
        number += 1


def _in_parts(some: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(some), MOST_AT_ONCE):
        yield some[start : start + MOST_AT_ONCE]
