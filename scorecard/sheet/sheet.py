"""An edition's lines with all that is known of them, in a fixed number of queries.

Entering, sign-off, collection and reminders all read this one object.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

from django.utils.timezone import localtime

from commentary.facts import fact_sentences
from commentary.models import Commentary, SignOff, WarningReason
from commentary.sign_off import Standing, plain_text, signature
from indicators.calculations.cautions import Caution
from indicators.calculations.figures import Figure
from indicators.calculations.months import add_months
from indicators.calculations.row import MONTHS_AVERAGED, Row
from indicators.calculations.vocabulary import Kind
from indicators.models import Indicator, MonthlyValue
from scorecard.models import Edition, EditionState

MONTHS_BESIDE = 3


@dataclass(frozen=True, slots=True)
class LineWarning:
    """A warning, and the reason that lets it pass; empty as long as none was given.

    `earlier_reason` was given for other figures and holds no more; it may save typing. `stored` is either's row.
    """

    caution: Caution
    reason: str = ""
    earlier_reason: str = ""
    stored: WarningReason | None = None


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
        """The figure of the edition's own month, also where the row is about an earlier quarter."""
        return self.row.figures[-1]

    @property
    def text(self) -> str:
        return plain_text(self.commentary.text) if self.commentary else ""

    @property
    def figure_text(self) -> str:
        return self.row.figure_text(self.figure)

    @property
    def fingerprint(self) -> str:
        """Tells whether figure and text are still those that somebody was shown."""
        return sha256(f"{signature(self.figure)}\n{self.text}".encode()).hexdigest()[:16]

    @property
    def figures_before(self) -> list[tuple[date, str]]:
        """The three months before, oldest first, as displayed."""
        months = [add_months(self.month, -back) for back in range(MONTHS_BESIDE, 0, -1)]
        figures = self.row.figures[-MONTHS_BESIDE - 1 : -1]
        return [(month, self.row.figure_text(figure)) for month, figure in zip(months, figures, strict=True)]

    @property
    def year_before(self) -> tuple[date, str]:
        return add_months(self.month, -MONTHS_AVERAGED), self.row.figure_text(self.row.figures[0])

    @cached_property
    def warnings(self) -> tuple[LineWarning, ...]:
        """What there is to ask about the line; worked out when first wanted, for most lines of a page need not be."""
        return self.ask()

    @cached_property
    def fact_sentences(self) -> tuple[str, ...]:
        """What the figures say by themselves, in sentences."""
        return fact_sentences(self.row, region=self.edition.scorecard.region)

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
            return localtime(first_sent).date() > due
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
