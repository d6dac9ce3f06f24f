"""The way from nothing to the first published edition: what is done, what is missing, and where it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.urls import reverse

from indicators.calculations.formatting import counted
from indicators.calculations.months import month_text
from indicators.calculations.vocabulary import Kind, LabelledEnum, Polarity, Scope
from indicators.models import Comparator, Indicator, MonthlyValue, Target, User
from scorecard.collection.gaps import Link
from scorecard.council.look import said
from scorecard.models import CouncilDetails, Edition, EditionState, Line, Publication, PublicationKind, Scorecard
from scorecard.roles import PANEL_MEMBERS
from scorecard.sheet.assemble import assemble_sheet
from scorecard.sheet.sheet import Sheet


class StepState(LabelledEnum):
    """How far a step of the way is."""

    DONE = "done", "Done"
    UNDER_WAY = "under_way", "Under way"
    NEXT = "next", "To do"
    LATER = "later", "Later"


class Step(NamedTuple):
    """A step of the way: what is there and missing, a sentence each, and the pages on which it is done."""

    title: str
    state: StepState
    told: Sequence[str]
    links: Sequence[Link]

    @property
    def sign(self) -> str:
        """What stands beside the state's words."""
        return {StepState.DONE: "✓", StepState.UNDER_WAY: "◐", StepState.NEXT: "○", StepState.LATER: "–"}[self.state]


class Checklist(NamedTuple):
    """All steps in order; `is_over` once the first edition is out, `is_begun` once there is a scorecard."""

    steps: Sequence[Step]
    is_begun: bool

    @property
    def done(self) -> int:
        return sum(step.state is StepState.DONE for step in self.steps)

    @property
    def next(self) -> Step:
        """The first step that isn't done."""
        return next((step for step in self.steps if step.state is not StepState.DONE), self.steps[-1])


def is_first_edition_out() -> bool:
    """Whether a month was published here, after which nobody needs the checklist; those brought over have a reason."""
    return Publication.objects.filter(kind=PublicationKind.ORIGINAL, reason="").exists()


def checklist(today: date) -> Checklist:
    """How far this installation is, from what is stored. A fixed number of queries."""
    scorecard = Scorecard.objects.annotate(lines=Count("sections__lines")).order_by(*(Scorecard._meta.ordering or ()))
    first = scorecard.first()
    edition = _edition()
    sheet = assemble_sheet(edition) if edition and edition.state != EditionState.PUBLISHED else None
    steps = (
        _council(),
        _people(),
        _scorecard(first),
        _indicators(first, today),
        _figures(first),
        _month(first, edition),
        *_collection(edition, sheet),
    )
    return Checklist(steps, first is not None)


def _edition() -> Edition | None:
    """The edition that is furthest on the way: the one that was opened first and isn't out, or else one that is."""
    editions = Edition.objects.select_related("scorecard", "overview").order_by("month", "pk")
    return editions.in_progress().first() or editions.published().first()


def _council() -> Step:
    details = CouncilDetails.present()
    missing = details.missing
    told = [f"Not filled in yet: {', '.join(missing)}." if missing else f"{details} and its statements are filled in."]
    state = StepState.NEXT if not details.council else StepState.UNDER_WAY if missing else StepState.DONE
    return Step(
        "The council’s details and look", state, told, [Link(reverse("council"), "Fill in the council’s details")]
    )


def _people() -> Step:
    counts = User.objects.filter(is_active=True).aggregate(
        all=Count("pk"),
        without_address=Count("pk", filter=Q(email="")),
        waiting=Count("pk", filter=Q(password__startswith=UNUSABLE_PASSWORD_PREFIX, last_login__isnull=True)),
    )
    panel = User.objects.filter(is_active=True, groups__name=PANEL_MEMBERS).count()
    told = [counted(counts["all"], "person has an account", "people have accounts") + "."]
    if counts["waiting"]:
        told.append(counted(counts["waiting"], "has", "have") + " not signed in yet.")
    if counts["without_address"]:
        told.append(counted(counts["without_address"], "has", "have") + " no e-mail address and can’t be invited.")
    if not panel:
        told.append(said("Nobody is a member of the panel yet."))
    state = StepState.DONE if counts["all"] > 1 and not counts["without_address"] else StepState.UNDER_WAY
    return Step("People", state, told, [Link(reverse("people"), "Add and invite people")])


def _scorecard(first: Scorecard | None) -> Step:
    title = "A scorecard with lines"
    if first is None:
        return Step(title, StepState.NEXT, ["There is none yet."], [Link(reverse("setup") + "#begin", "Begin one")])
    lines = first.lines  # type: ignore[attr-defined]
    state = StepState.DONE if lines else StepState.UNDER_WAY
    where = Link(reverse("arrange_scorecard", args=[first.slug]), "Sections and lines")
    return Step(title, state, [f"{first}: {counted(lines, 'line', 'lines')}."], [where])


def _on_lines(first: Scorecard | None) -> Q:
    return Q(pk__in=Line.objects.filter(section__scorecard=first).values("indicator"))


def _indicators(first: Scorecard | None, today: date) -> Step:
    """Whether somebody sees to each line. Direction, target and comparator may lack, and are told."""
    title = "Indicators complete"
    if first is None:
        return Step(title, StepState.LATER, ["When there are lines."], [])
    where = [
        Link(reverse("arrange_scorecard", args=[first.slug]), "Owners and reporters"),
        Link(reverse("new_year", args=[first.slug]), "Targets and comparators"),
        Link(reverse("admin:indicators_indicator_changelist"), "All of an indicator"),
    ]
    judged = ~Q(polarity=Polarity.NEUTRAL)
    year = Q(year__gte=today.year - 1, year__lte=today.year)
    has_target = Exists(Target.objects.filter(year, indicator=OuterRef("pk")))
    has_comparator = Exists(Comparator.objects.filter(indicator=OuterRef("pk")))
    found = (
        Indicator.objects.filter(_on_lines(first))
        .annotate(has_target=has_target, has_comparator=has_comparator)
        .aggregate(
            all=Count("pk"),
            owner=Count("pk", filter=Q(owner__isnull=True)),
            reporter=Count("pk", filter=Q(reporter__isnull=True)),
            neutral=Count("pk", filter=~judged),
            target=Count("pk", filter=judged & Q(has_target=False)),
            comparator=Count("pk", filter=Q(scope=Scope.NATIONAL, has_comparator=False)),
        )
    )
    words = (
        ("owner", "without an owner"),
        ("reporter", "without a reporter"),
        ("neutral", "without a desired direction, so never judged"),
        ("target", "without a target this year"),
        ("comparator", "that others publish too, without a comparator"),
    )
    told = [f"{found[name]} of {found['all']} {said}." for name, said in words if found[name]]
    is_seen_to = not found["owner"] and not found["reporter"]
    state = StepState.LATER if not found["all"] else StepState.DONE if is_seen_to else StepState.NEXT
    return Step(title, state, told or [f"All {found['all']} have what they need."], where)


def _figures(first: Scorecard | None) -> Step:
    title, where = "Figures of earlier months", Link(reverse("spreadsheets"), "Bring them over from a spreadsheet")
    if first is None:
        return Step(title, StepState.LATER, ["When there are indicators."], [])
    entered = Indicator.objects.filter(_on_lines(first)).exclude(kind=Kind.DERIVED)
    values = MonthlyValue.objects.filter(indicator__in=entered.values("pk"))
    found = values.aggregate(with_figures=Count("indicator", distinct=True), first=Min("month"), last=Max("month"))
    number = entered.count()
    if not found["with_figures"]:
        told = [
            "There are none yet. Without any, the first report has no changes, averages and signals; they can also "
            "come later."
        ]
        return Step(title, StepState.NEXT if number else StepState.LATER, told, [where])
    told = [
        f"Figures are there for {found['with_figures']} of {counted(number, 'indicator')} entered, from "
        f"{found['first']:%B %Y} to {found['last']:%B %Y}."
    ]
    return Step(title, StepState.DONE if found["with_figures"] == number else StepState.UNDER_WAY, told, [where])


def _month(first: Scorecard | None, edition: Edition | None) -> Step:
    title = "A month opened"
    if edition is not None:
        where = _at("collection", edition, "The collection")
        return Step(title, StepState.DONE, [f"{edition}."], [where])
    is_ready = first is not None and first.lines  # type: ignore[attr-defined]
    if first is None or not is_ready:
        return Step(title, StepState.LATER, ["When there are lines."], [])
    where = Link(reverse("open_next", args=[first.slug]), "Open the first month")
    return Step(title, StepState.NEXT, ["Nobody can enter anything yet: no month is open."], [where])


def _collection(edition: Edition | None, sheet: Sheet | None) -> list[Step]:
    """Figures in, signed off, published: of the edition that is on its way."""
    titles = ("Figures in", "Signed off", "Published")
    if edition is None:
        return [Step(title, StepState.LATER, ["When a month is open."], []) for title in titles]
    if sheet is None:
        where = _at("report", edition, "Read it")
        return [Step(title, StepState.DONE, [f"{edition}."], [where] * (title == "Published")) for title in titles]
    expected = [line for line in sheet.lines if line.is_expected]
    entering = sum(line.standing.is_with_reporter for line in expected)
    deciding = sum(line.standing.is_with_owner for line in expected)
    left, number = entering + deciding, len(expected)
    where = _at("collection", edition, "The collection")
    sent = f"Sent: {number - entering} of {counted(number, 'line')}."
    signed = f"Signed off: {number - left} of {counted(number, 'line')}."
    return [
        Step(titles[0], _state(number - entering, number), [sent], [where]),
        Step(titles[1], _state(number - left, number), [signed], [where]),
        Step(
            titles[2],
            StepState.LATER if left and edition.state == EditionState.COLLECTING else StepState.NEXT,
            ["It is in review." if edition.state == EditionState.IN_REVIEW else "It is being collected."],
            [where] if edition.state == EditionState.COLLECTING else [_at("publish_edition", edition, "Publish it")],
        ),
    ]


def _state(done: int, number: int) -> StepState:
    if number and done == number:
        return StepState.DONE
    return StepState.UNDER_WAY if done else StepState.NEXT


def _at(name: str, edition: Edition, words: str) -> Link:
    return Link(reverse(name, args=[edition.scorecard.slug, month_text(edition.month)]), words)
