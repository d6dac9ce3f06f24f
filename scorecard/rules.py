"""Who may do what, as small predicates over a person and a line, an edition or a scorecard.

Asked with `may(user, "enter_line", line)`. Superusers may do everything, but not change what is published. Reporter and
owner are relations to an indicator, not groups; a deputy stands in for both (docs/adr/, number 10).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rules
from django.core.exceptions import PermissionDenied

from indicators.models import User
from indicators.moments import today_in_britain

from .models import EditionState, Line, Scorecard
from .roles import PANEL_MEMBERS, PERFORMANCE_OFFICERS

if TYPE_CHECKING:
    from commentary.models import AreaOfFocus
    from scorecard.sheet.sheet import SheetLine


# What nobody does to a line of a published edition, but for deciding on one that was corrected since: that becomes a
# revision, beside what was published.
CHANGING_A_LINE = ("enter_line", "sign_off_line", "approve_line")
DECIDING = ("sign_off_line", "approve_line")


def may(user: Any, right: str, about: Any = None) -> bool:
    """Whether the person, signed in or not, has the right on a line, an edition, a scorecard or a question."""
    # Here as well as in the predicates, because nobody asks those about a superuser.
    if right in CHANGING_A_LINE and not is_in_progress(user, about) and not (right in DECIDING and about.is_corrected):
        return False
    if right == "correct_line" and is_in_progress(user, about):
        return False
    if user.is_active and user.is_superuser:
        return True
    # Not `has_perm`, which would go on to look among the rights on models: none of these is there.
    return bool(rules.has_perm(f"scorecard.{right}", user, about))


def require(user: Any, right: str, about: Any = None) -> None:
    """Raises PermissionDenied unless the person has the right."""
    if not may(user, right, about):
        raise PermissionDenied


is_officer: Any = rules.is_group_member(PERFORMANCE_OFFICERS)
is_panel_member: Any = rules.is_group_member(PANEL_MEMBERS)


@rules.predicate
def reports_it(user: Any, line: SheetLine) -> bool:
    """The line's reporter or a deputy of theirs."""
    return line.belongs_to(user.acts_for)


@rules.predicate
def owns_it(user: Any, line: SheetLine) -> bool:
    """The line's owner or a deputy of theirs."""
    return line.answers_to(user.acts_for)


@rules.predicate
def entered_it(user: Any, line: SheetLine) -> bool:
    """Who entered any of the line's figure, of those that it is worked out from, or of its commentary, in person."""
    return user.pk in line.entered_by


@rules.predicate
def asks_four_eyes(user: Any, line: SheetLine) -> bool:
    return line.edition.scorecard.four_eyes


@rules.predicate
def takes_entries(user: Any, line: SheetLine) -> bool:
    """While the edition is collected; in review only a line that was sent back."""
    return line.takes_entries(today_in_britain())


@rules.predicate
def is_in_progress(user: Any, line: SheetLine) -> bool:
    return line.edition.state != EditionState.PUBLISHED


@rules.predicate
def has_lines_on(user: Any, scorecard: Scorecard) -> bool:
    """Whether the person, or somebody they stand in for, reports or owns a line of the scorecard."""
    if not isinstance(user, User):
        return False
    return Line.objects.filter(section__scorecard=scorecard).of_people(user.acts_for).exists()


@rules.predicate
def panel_reads_all(user: Any, scorecard: Scorecard) -> bool:
    return scorecard.panel_reads_unsuppressed


@rules.predicate
def answers_it(user: Any, question: AreaOfFocus) -> bool:
    """Who was asked, or a deputy of theirs."""
    return question.owner_id in user.acts_for


@rules.predicate
def takes_part(user: Any, scorecard: Scorecard) -> bool:
    """Who reports or owns a line of the scorecard or is asked about it, or a deputy of theirs."""
    return (
        has_lines_on(user, scorecard) or scorecard.areas_of_focus.questions().filter(owner__in=user.acts_for).exists()
    )


rules.add_perm("scorecard.enter_line", (reports_it & takes_entries) | (is_officer & is_in_progress))
rules.add_perm("scorecard.sign_off_line", owns_it | is_officer)
# Sending back needs the former alone. Who entered it is asked last, for that takes queries.
rules.add_perm("scorecard.approve_line", is_officer | (owns_it & (~asks_four_eyes | ~entered_it)))
# Of a published edition: from there it goes to its owner, and then into a revision.
rules.add_perm("scorecard.correct_line", is_officer)
rules.add_perm("scorecard.see_line", reports_it | owns_it | is_officer)
rules.add_perm("scorecard.manage_collection", is_officer)
# Its sections, lines and details, and the targets of its indicators for a new year.
rules.add_perm("scorecard.arrange_scorecard", is_officer)
rules.add_perm("scorecard.manage_people", is_officer)
rules.add_perm("scorecard.read_unpublished", is_officer)
# Counts that the scorecard hides from the public.
rules.add_perm("scorecard.read_small_counts", is_officer | (panel_reads_all & (is_panel_member | has_lines_on)))
# Taking back what was published, of any scorecard, and deciding on it.
rules.add_perm("scorecard.withhold", is_officer)
rules.add_perm("scorecard.read_security_log", is_officer)
rules.add_perm("scorecard.write_overview", is_officer)
rules.add_perm("scorecard.read_questions", is_officer | is_panel_member | takes_part)
rules.add_perm("scorecard.raise_question", is_officer | is_panel_member)
rules.add_perm("scorecard.answer_question", is_officer | answers_it)
rules.add_perm("scorecard.manage_questions", is_officer)
# The council's details, the look of its site, comparator groups and the glossary.
rules.add_perm("scorecard.set_up_council", is_officer)
# Of somebody who lost theirs.
rules.add_perm("scorecard.take_off_factors", is_officer)
# Where an installation begins, and everything of it as one file.
rules.add_perm("scorecard.set_up", is_officer)
rules.add_perm("scorecard.move_everything", is_officer)
