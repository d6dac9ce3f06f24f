"""An edition's lines with all that is known of them, in a fixed number of queries.

Entering, sign-off, collection and reminders all read this one object.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from commentary.facts import fact_sentences
from commentary.models import Commentary, SignOff, WarningReason
from commentary.sign_off import Standing, signature
from commentary.warnings import ANSWERED_BY_COMMENTARY
from indicators.calculations.cautions import Caution
from indicators.calculations.figures import Figure
from indicators.calculations.formatting import format_number
from indicators.calculations.plain_text import plain_text
from indicators.calculations.row import Row
from indicators.calculations.signal import Usual
from indicators.calculations.vocabulary import Kind
from indicators.models import Indicator, MonthlyValue
from indicators.moments import day_of
from scorecard.display.fonts import known_warnings_of
from scorecard.models import Edition, EditionState

PERIODS_BESIDE = 3


@dataclass(frozen=True, slots=True)
class LineWarning:
    """A warning, and the reason that lets it pass; empty as long as none was given.

    `earlier_reason` was given for other figures and holds no more; it may save typing. `stored` is either's row.
    """

    caution: Caution
    reason: str = ""
    earlier_reason: str = ""
    stored: WarningReason | None = None


class HeldWhole(NamedTuple):
    """The line whose figure is another one's denominator, by its key and reference; None where it has no figure."""

    key: int
    reference: str
    figure: Decimal | None


@dataclass(frozen=True)
class SheetLine:
    """One line of an edition: what is stored for the month, its row of the report, and how far it has come."""

    edition: Edition
    section: str
    work_out: Callable[[], Row]
    indicator: Indicator
    value: MonthlyValue | None
    commentary: Commentary | None
    last_commentary: str
    sign_off: SignOff | None
    standing: Standing
    is_due: bool
    ask: Callable[[], tuple[LineWarning, ...]]
    feeds: tuple[str, ...]
    # Whether nothing was entered yet for it, or for one of those it is worked out from: no figure and no reason.
    is_incomplete: bool = False
    # Asked when first wanted, for it takes queries.
    tell_who_entered: Callable[[], Mapping[int, tuple[str, ...]]] = dict
    find_whole: Callable[[], HeldWhole | None] = lambda: None
    find_usual: Callable[[], Usual | None] = lambda: None
    find_count: Callable[[], str] = str

    @property
    def key(self) -> int:
        return self.indicator.pk

    @property
    def month(self) -> date:
        return self.edition.month

    @property
    def is_derived(self) -> bool:
        return self.indicator.kind == Kind.DERIVED

    @property
    def is_ratio(self) -> bool:
        return self.indicator.kind == Kind.RATIO

    @cached_property
    def row(self) -> Row:
        """Its row of the report; worked out when first wanted, for much can be told of a line without."""
        return self.work_out()

    @property
    def figure(self) -> Figure:
        """The figure of the edition's own month, also where the row is about an earlier period."""
        return self.row.figures[-1]

    @property
    def text(self) -> str:
        return plain_text(self.commentary.text) if self.commentary else ""

    @cached_property
    def unprintable(self) -> list[str]:
        """What of its texts the PDF would have empty boxes for, in sentences."""
        note = self.value.note if self.value else ""
        return known_warnings_of([("In the commentary", self.text), ("In the note on the figure", note)])

    @property
    def figure_text(self) -> str:
        return self.row.text_at(-1)

    @property
    def fingerprint(self) -> str:
        """Tells whether figure and text are still those that somebody was shown."""
        return sha256(f"{signature(self.figure)}\n{self.text}".encode()).hexdigest()[:16]

    @property
    def figures_before(self) -> list[tuple[str, str]]:
        """The period a year before and the three latest before the month, oldest first, by name and as displayed."""
        row, periods = self.row, self.row.measure.periods
        months = {periods.previous(self.month, back) for back in range(1, PERIODS_BESIDE + 1)}
        months.add(periods.year_before(periods.due(self.month)))
        return [(periods.of(month).short, row.text_of(month, row.figure(month))) for month in sorted(months)]

    @property
    def pair_before(self) -> str:
        """The two numbers of the period before, as “January 2021: 57 of 98”; empty where there are none."""
        if not self.is_ratio:
            return ""
        periods = self.row.measure.periods
        before = periods.previous(self.month)
        figure = self.row.figure(before)
        if figure.numerator is None or figure.denominator is None:
            return ""
        said = [format_number(one, 0 if one == int(one) else 2) for one in (figure.numerator, figure.denominator)]
        return f"{periods.of(before).short}: {said[0]} of {said[1]}"

    @cached_property
    def whole(self) -> HeldWhole | None:
        """The line that has held its denominator in the months before; None where none has, or more than one."""
        return self.find_whole()

    @property
    def usual_text(self) -> str:
        """What is usual for it by its signal, as “89 to 111”; empty where no limits judge the month's figure."""
        found = self.find_usual() if self.figure.value is not None else None
        return found.text(self.figure.value, self.row.measure.texts_apart) if found else ""

    @cached_property
    def told_at(self) -> str:
        """The reference of the count that is asked why its figure is unusual in place of this share or rate of it."""
        return self.find_count()

    @property
    def lacks_commentary(self) -> bool:
        """Whether readers will ask about its figure, and nobody has written a commentary or said why none is needed."""
        return any(caution.code in ANSWERED_BY_COMMENTARY for caution in self.open_warnings)

    @property
    def not_due_text(self) -> str:
        """When the next figure is due, of a line that has none in this month; empty where one is due."""
        periods = self.row.measure.periods
        if periods.is_due_in(self.month):
            return ""
        coming = periods.of(periods.following(self.month))
        return f"No figure is due in {self.month:%B %Y}. The next is that of {coming.said}, in {coming.due:%B %Y}."

    @property
    def period(self) -> str:
        """The name of the period that the month's figure is of, as short as in a cell."""
        return self.row.measure.periods.of(self.month).short

    @cached_property
    def warnings(self) -> tuple[LineWarning, ...]:
        """What there is to ask about the line; worked out when first wanted, for most lines of a page need not be."""
        return self.ask()

    @cached_property
    def entered_by(self) -> Mapping[int, tuple[str, ...]]:
        """What people entered of what stands here: by their key “its figure”, “its commentary”, “the figure of A1”.

        Two queries for all lines of a sheet, when first asked of one.
        """
        return self.tell_who_entered()

    @property
    def is_signed_off_by_who_entered_it(self) -> bool:
        return self.standing is Standing.APPROVED and self.sign_off is not None and self.sign_off.entered_by_signer

    @property
    def is_corrected(self) -> bool:
        """Whether it was corrected after its edition was published, and waits to be signed off, or was sent back."""
        published, sign_off = self.edition.published_at, self.sign_off
        if published is None or sign_off is None:
            return False
        moments = {Standing.SENT: sign_off.sent_at, Standing.SENT_BACK: sign_off.decided_at}
        moment = moments.get(self.standing)
        return self.standing is Standing.CHANGED or (moment is not None and moment > published)

    def waits_for_others_than(self, person: int | None) -> bool:
        """Whether it waits to be signed off, but not by this person (their key), because they entered it."""
        return self.standing.is_with_owner and person in self.entered_by and self.edition.scorecard.four_eyes

    @property
    def is_left_by_its_owner(self) -> bool:
        return self.waits_for_others_than(self.indicator.owner_id)

    @cached_property
    def fact_sentences(self) -> tuple[str, ...]:
        """What the figures say by themselves, in sentences."""
        return fact_sentences(self.row)

    @property
    def open_warnings(self) -> list[Caution]:
        """Warnings that nobody has explained yet."""
        return [warning.caution for warning in self.warnings if not warning.reason]

    @property
    def is_expected(self) -> bool:
        """Whether the return is incomplete without this line."""
        return self.standing is not Standing.NOT_DUE

    def takes_entries(self, today: date) -> bool:
        """Whether its reporter can change it: while the edition is collected; in review only if it was sent back."""
        sent_back = self.edition.state == EditionState.IN_REVIEW and self.standing is Standing.SENT_BACK
        return sent_back or self.edition.is_open(today)

    def is_late(self, today: date) -> bool:
        """Whether it was sent after its due date, or is not sent though that has passed."""
        due = self.edition.due_on
        if due is None or not self.is_expected:
            return False
        first_sent = self.sign_off.first_sent_at if self.sign_off else None
        if first_sent is not None:
            return day_of(first_sent) > due
        return self.standing.is_with_reporter and today > due

    def belongs_to(self, people: Collection[int]) -> bool:
        """Whether one of the people reports it."""
        return self.indicator.reporter_id in people

    def answers_to(self, people: Collection[int]) -> bool:
        """Whether one of the people owns it."""
        return self.indicator.owner_id in people


@dataclass(frozen=True)
class Sheet:
    """The lines of an edition, section after section: all, or those that were asked for.

    Where they are not all, `beside` has others, which they are worked out from or checked with; of what else follows
    from those nothing is known.
    """

    edition: Edition
    lines: tuple[SheetLine, ...]
    beside: tuple[SheetLine, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[int, SheetLine]:
        return {line.key: line for line in self.lines}

    def find(self, key: int) -> SheetLine | None:
        """The line of an indicator, also one that others are only checked with; None where it is not known."""
        return self.by_key.get(key) or next((line for line in self.beside if line.key == key), None)

    def of_reporters(self, people: Collection[int]) -> list[SheetLine]:
        return [line for line in self.lines if line.belongs_to(people)]

    def of_owners(self, people: Collection[int]) -> list[SheetLine]:
        return [line for line in self.lines if line.answers_to(people)]

    def fed_by(self, reference: str) -> Iterator[SheetLine]:
        """The derived lines whose figures follow from an indicator's."""
        feeding = next((line for line in self.lines if line.indicator.reference == reference), None)
        return (line for line in self.lines if feeding and line.indicator.reference in feeding.feeds)


def in_sections(lines: Sequence[SheetLine]) -> list[tuple[str, list[SheetLine]]]:
    """The lines under the headings of their sections."""
    found: dict[str, list[SheetLine]] = {}
    for line in lines:
        found.setdefault(line.section, []).append(line)
    return list(found.items())
