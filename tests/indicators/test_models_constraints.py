"""Every constraint of every model, broken behind the back of the forms: the database itself refuses.

`test_every_constraint_is_broken_here` fails when a model gets a constraint that is not tried here.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from model_bakery import baker

from commentary.models import AreaOfFocus, Commentary, SignOff, WarningReason
from indicators.models import (
    Comparator,
    ComparatorGroup,
    CrossCheck,
    CrossCheckTerm,
    Deputy,
    DerivationTerm,
    FixedBaseline,
    Indicator,
    MonthlyValue,
    NationalComparator,
    PeerFigure,
    PendingUpload,
    Population,
    PopulationGroup,
    Rebase,
    Succession,
    Target,
    User,
)
from indicators.triggers import FOLLOWS_ITSELF, IN_A_CIRCLE
from scorecard.models import (
    CouncilDetails,
    Edition,
    EditionState,
    Erasure,
    GlossaryEntry,
    Line,
    Logo,
    Publication,
    PublicText,
    PublishedDocument,
    PublishedFile,
    Reminder,
    Scorecard,
    Section,
    SpreadsheetDraft,
    Tombstone,
    Visit,
    Withholding,
)
from tests.factories import JANUARY, make_derived, make_edition, make_indicator, make_scorecard, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.each_case]

SECOND_OF_JANUARY = date(2021, 1, 2)
MORNING = datetime(2021, 2, 8, 9, tzinfo=UTC)


def namesake(one: str, other: str) -> User:
    make_user(one)
    return User(username=other, password="x")


def indicator(**fields: Any) -> Indicator:
    return Indicator(**{"reference": "A1", "title": "A title", **fields})


def value(**fields: Any) -> MonthlyValue:
    return MonthlyValue(**{"month": JANUARY, **fields, "indicator": fields.get("indicator") or make_indicator()})


def parts(**fields: Any) -> MonthlyValue:
    return value(indicator=make_indicator("R", kind="ratio"), **fields)


def comparator(**fields: Any) -> Comparator:
    return Comparator(**{"indicator": make_indicator(), "group": "england", "year": 2019, "value": 5, **fields})


def upload(**fields: Any) -> PendingUpload:
    person = User.objects.get_or_create(username="somebody")[0]
    told = {"token": "a", "model": "indicators.Target", "file_name": "targets.csv", "content": b"x"}
    return PendingUpload(**{**told, "person": person, "checksum": "x", "digest": "x", "expires_at": MORNING, **fields})


def peer(**fields: Any) -> PeerFigure:
    where = {"year": 2019, "authority": "851", "name": "Portsmouth"}
    return PeerFigure(**{"indicator": make_indicator(), "value": 5, **where, **fields})


def group(**fields: Any) -> ComparatorGroup:
    return ComparatorGroup(**{"code": "core_cities", "name": "Core cities", "short_name": "Core", **fields})


def scorecard(**fields: Any) -> Scorecard:
    return Scorecard(slug="a", title="A", council="C", panel="P", **fields)


def target(**fields: Any) -> Target:
    return Target(**{"indicator": make_indicator(), "year": 2020, "value": 5, **fields})


def relative(**fields: Any) -> Target:
    indicator = make_indicator(polarity="high", accumulation="per_period")
    return Target(**{"indicator": indicator, "year": 2020, "value": None, "rests_on": "last_year", **fields})


def rebase(**fields: Any) -> Rebase:
    return Rebase(**{"indicator": make_indicator(), "month": JANUARY, "reason": "New system.", **fields})


def baseline(**fields: Any) -> FixedBaseline:
    made = {"indicator": make_indicator(), "month": JANUARY, "periods": 12, "reason": "Before the new team."}
    return FixedBaseline(**{**made, **fields})


def succession(**fields: Any) -> Succession:
    former = Indicator.objects.filter(reference="B1").first() or make_indicator("B1")
    return Succession(**{"indicator": make_indicator(), "former": former, "month": JANUARY, **fields})


def after_itself() -> Succession:
    alone = make_indicator()
    return Succession(indicator=alone, former=alone, month=JANUARY)


def national(**fields: Any) -> NationalComparator:
    return NationalComparator(
        **{"indicator": make_indicator(), "group": "england", "year": 2019, "value": 5, "on_basis": "yes", **fields}
    )


def population(**fields: Any) -> Population:
    return Population(**{"group": PopulationGroup.objects.create(name="0 to 17"), "year": 2019, "people": 5, **fields})


def term(**fields: Any) -> DerivationTerm:
    return DerivationTerm(**{"indicator": make_indicator("D", kind="derived"), "source": make_indicator("S"), **fields})


def deputy(**fields: Any) -> Deputy:
    return Deputy(**{"person": make_user("one"), "deputy": make_user("two"), "starts_on": SECOND_OF_JANUARY, **fields})


def own_deputy() -> Deputy:
    person = make_user("one")
    return Deputy(person=person, deputy=person, starts_on=SECOND_OF_JANUARY)


def own_source() -> DerivationTerm:
    derived = make_indicator("S", kind="derived")
    return DerivationTerm(indicator=derived, source=derived)


def area(**fields: Any) -> AreaOfFocus:
    return AreaOfFocus(**{"title": "Caseloads", "opened_on": SECOND_OF_JANUARY, **fields})


def question(**fields: Any) -> AreaOfFocus:
    asked = {"kind": "question", "raised_by": "panel", "asked_in": JANUARY}
    return area(**{"asked_by": make_user("member"), **asked, **fields})


def section(**fields: Any) -> Section:
    return Section(**{"scorecard": make_scorecard(slug=fields.pop("slug", "panel")), "title": "Front door", **fields})


def edition(**fields: Any) -> Edition:
    dates = {"opens_on": date(2021, 2, 1), "due_on": date(2021, 2, 11)}
    return Edition(**{"scorecard": make_scorecard(), "month": JANUARY, **dates, **fields})


def check(**fields: Any) -> CrossCheck:
    return CrossCheck(**{"indicator": make_indicator("W"), "kind": "parts", **fields})


def check_term(**fields: Any) -> CrossCheckTerm:
    whole = CrossCheck.objects.create(indicator=make_indicator("W"), kind="parts")
    return CrossCheckTerm(**{"check_of": whole, "indicator": make_indicator("P"), "role": "part", **fields})


def sign_off(**fields: Any) -> SignOff:
    return SignOff(**{"indicator": make_indicator(), "month": JANUARY, **fields})


def sent(**fields: Any) -> SignOff:
    sending = {"sent_at": MORNING, "first_sent_at": MORNING, "sent_by": make_user("lead")}
    return sign_off(**{"step": "sent", **sending, **fields})


def decided(step: str, **fields: Any) -> SignOff:
    return sign_off(**{"step": step, "decided_at": MORNING, "decided_by": make_user("head"), "note": "Why?", **fields})


def reason(**fields: Any) -> WarningReason:
    about = {"warning": "unusual", "about": "500", "reason": "A family of nine moved here."}
    return WarningReason(**{"indicator": make_indicator(), "month": JANUARY, **about, **fields})


def visit() -> Visit:
    return Visit(edition=make_edition(make_scorecard()), person=make_user("head"), latest_at=MORNING)


def reminder(**fields: Any) -> Reminder:
    return baker.prepare(Reminder, _save_related=True, **{"edition": make_edition(make_scorecard()), **fields})


def saved(row: Any) -> Any:
    row.save()
    return row


def publication(**fields: Any) -> Publication:
    now = datetime(2021, 2, 11, 9, tzinfo=UTC)
    return Publication(
        **{"edition": saved(edition()), "number": 1, "published_at": now, "checksum": "0" * 64, **fields}
    )


def revision(**fields: Any) -> Publication:
    return publication(**{"number": 2, "kind": "correction", "reason": "Counted twice.", **fields})


def document(**fields: Any) -> PublishedDocument:
    return PublishedDocument(**{"publication": saved(publication()), "body": "{}", "checksum": "0" * 64, **fields})


def kept_file(**fields: Any) -> PublishedFile:
    return PublishedFile(document=saved(document()), suffix="pdf", content=b"%PDF", checksum="0" * 64, **fields)


def public_text(**fields: Any) -> PublicText:
    decided = {"decision": "cleared", "decided_by": make_user("officer"), "decided_at": MORNING}
    known = {"scorecard": make_scorecard(), "key": "0" * 64, "where": "Note of A1", "month": JANUARY, "text": "Four."}
    return PublicText(**{**known, **decided, **fields})


def withholding(**fields: Any) -> Withholding:
    known = {"kind": "text", "words": "it named a person", "places": 1, "withheld_at": MORNING, "changed_at": MORNING}
    return Withholding(**{**known, "withheld_by": make_user("officer"), **fields})


def steps(*names: str, **fields: Any) -> Withholding:
    """With these steps taken, each by somebody of their own."""
    by = {f"{name}_by": make_user(name.replace("_", ".")) for name in names}
    return withholding(**by, **{f"{name}_at": MORNING for name in names}, **fields)


def own_step(name: str, *before: str, of: str = "withheld_by", **fields: Any) -> Withholding:
    """With a step taken by who took another."""
    row = steps(*before, **fields)
    setattr(row, f"{name}_by", getattr(row, of))
    setattr(row, f"{name}_at", MORNING)
    return row


def tombstone(**fields: Any) -> Tombstone:
    return Tombstone(withholding=saved(withholding()), document=saved(document()), **{"kind": "text", **fields})


def draft(**fields: Any) -> SpreadsheetDraft:
    return SpreadsheetDraft(**{"file_name": "a.csv", "content": b"a", "sent_by": make_user(), **fields})


def erasure(**fields: Any) -> Erasure:
    sums = {"original_checksum": "0" * 64, "new_checksum": "1" * 64}
    carried_out = steps("confirmed", "erasure_asked", "erased", legal_reason="Article 17")
    return Erasure(withholding=saved(carried_out), document=saved(document()), **{**sums, **fields})


def twice(make: Callable[[], models.Model], **changes: Any) -> models.Model:
    """A second copy of a row that is there already."""
    row = make()
    type(row)._default_manager.bulk_create([row])
    copy = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
    copy.pk = None
    for name, changed in changes.items():
        setattr(copy, name, changed)
    return copy


class Broken(NamedTuple):
    constraint: str
    make: Callable[[], models.Model]
    message: str = ""


ONE_OF_THREE = "exactly one of the three"
ONE_OF_TWO = "one of the two"
ONE_OF_THEM = "say what it rests on: one of them"

BROKEN = [
    Broken(
        "indicator_reference_unique",
        lambda: twice(lambda: indicator(reference="CP3-QL"), reference="cp3-ql"),
        "There is already an indicator with this reference.",
    ),
    Broken("indicator_reference_not_empty", lambda: indicator(reference="")),
    Broken("indicator_decimal_places_at_most_4", lambda: indicator(decimal_places=5), "At most 4 decimal places"),
    Broken(
        "indicator_population_only_if_derived",
        lambda: indicator(population=PopulationGroup.objects.create(name="0 to 17")),
        "Only a derived indicator is worked on a population.",
    ),
    Broken(
        "indicator_active_to_after_from",
        lambda: indicator(active_from=JANUARY, active_to=date(2020, 12, 1)),
        "The final month can't be before the first.",
    ),
    Broken("indicator_rate_base_for_other_rates", lambda: indicator(unit="rate"), "Say what it is a rate per"),
    Broken("indicator_rate_base_for_other_rates", lambda: indicator(rate_base=500), "leave it empty"),
    Broken("indicator_active_months_are_first_days", lambda: indicator(active_from=SECOND_OF_JANUARY)),
    Broken("indicator_active_months_are_first_days", lambda: indicator(active_to=SECOND_OF_JANUARY)),
    Broken("indicator_year_starts_in_a_month", lambda: indicator(year_starts=13)),
    Broken("indicator_year_starts_in_a_month", lambda: indicator(year_starts=0)),
    *(
        Broken("indicator_words_known", lambda field=field: indicator(**{field: "other"}))
        for field in ("unit", "polarity", "kind", "frequency", "scope")
    ),
    Broken("value_one_per_month", lambda: twice(lambda: value(figure=5)), "There is already a value for this month."),
    Broken("value_month_is_first_day", lambda: value(month=SECOND_OF_JANUARY, figure=5), "date of its first day"),
    Broken("value_figure_or_parts_or_blank", value, ONE_OF_THREE),
    Broken("value_figure_or_parts_or_blank", lambda: value(figure=0, blank="awaited"), ONE_OF_THREE),
    Broken(
        "value_figure_or_parts_or_blank", lambda: parts(figure=5, numerator=1, denominator=2), "Enter the numerator"
    ),
    Broken("value_figure_or_parts_or_blank", lambda: parts(numerator=1), ONE_OF_THREE),
    Broken("value_figure_or_parts_or_blank", lambda: parts(denominator=1), ONE_OF_THREE),
    Broken("value_figure_or_parts_or_blank", lambda: parts(numerator=0, blank="awaited"), ONE_OF_THREE),
    Broken("value_denominator_not_negative", lambda: parts(numerator=1, denominator=-2), "A denominator can't be"),
    Broken("value_numerator_0_of_0", lambda: parts(numerator=1, denominator=0), "the numerator is 0 too"),
    Broken("value_words_known", lambda: value(figure=5, stage="guessed")),
    Broken("value_words_known", lambda: value(blank="forgotten")),
    Broken("comparator_one_per_year", lambda: twice(comparator), "already a comparator for this group and year"),
    Broken("comparator_one_without_year", lambda: twice(lambda: comparator(year=None)), "without a year"),
    Broken("comparator_value_or_blank", lambda: comparator(value=None), ONE_OF_TWO),
    Broken("comparator_value_or_blank", lambda: comparator(blank="awaited"), ONE_OF_TWO),
    Broken("comparator_group_name_once", lambda: group(name="ENGLAND"), "Another group has this name."),
    Broken("comparator_group_short_name_once", lambda: group(short_name="sn"), "Another group has this short name."),
    Broken("comparator_group_kind_once", lambda: group(kind="region"), "Another group is this in open data"),
    Broken("comparator_group_words_given", lambda: group(name="")),
    Broken("comparator_group_words_given", lambda: group(kind="moon")),
    *(
        Broken(
            "scorecard_groups_once",
            lambda place=place: scorecard(**{"group_1": "england", place: "england"}),
            "England has a place already.",
        )
        for place in ("group_2", "group_5")
    ),
    Broken("comparator_words_known", lambda: comparator(on_basis="perhaps")),
    Broken("comparator_words_known", lambda: comparator(value=None, blank="forgotten")),
    Broken("comparator_rule_of_published", lambda: comparator(rule="/ 12"), "Write the figure as it was published"),
    Broken("comparator_rule_of_published", lambda: comparator(published="417", rule="/ 12"), "Say what time"),
    Broken("comparator_period_known", lambda: comparator(period="fortnight")),
    Broken("upload_one_per_person_and_kind", lambda: twice(upload, token="b"), "already an upload of this kind"),
    Broken("peer_figure_one_per_year", lambda: twice(peer), "already a figure of this authority for this year"),
    Broken(
        "peer_figure_one_own",
        lambda: twice(lambda: peer(is_own=True), authority="852"),
        "Another authority is the council itself",
    ),
    Broken("peer_figure_own_is_no_neighbour", lambda: peer(is_own=True, is_neighbour=True), "not its own neighbour"),
    Broken("peer_figure_value_or_blank", lambda: peer(value=None), ONE_OF_TWO),
    Broken("peer_figure_value_or_blank", lambda: peer(blank="suppressed"), ONE_OF_TWO),
    Broken("peer_figure_words_known", lambda: peer(authority="")),
    Broken("peer_figure_words_known", lambda: peer(value=None, blank="forgotten")),
    Broken("target_one_per_year", lambda: twice(target), "There is already a target for this year."),
    Broken("target_value_or_tbc", lambda: target(value=None), ONE_OF_THEM),
    Broken("target_value_or_tbc", lambda: target(is_tbc=True), ONE_OF_THEM),
    Broken("target_tolerance_not_negative", lambda: target(tolerance=-1), "A tolerance can't be negative."),
    Broken("target_two_figures_for_between", lambda: target(sense="between"), "Between two figures"),
    Broken("target_two_figures_for_between", lambda: target(sense="between", upper=5), "the lower first"),
    Broken("target_two_figures_for_between", lambda: target(upper=9), "Any other target has one."),
    Broken("target_steps_if_typed", lambda: target(shape="typed"), "Steps belong to"),
    Broken("target_steps_if_typed", lambda: target(steps="1; 2; 3; 5"), "Steps belong to"),
    Broken("target_comparator_named", lambda: relative(rests_on="comparator"), "Choose the comparator"),
    Broken("target_comparator_named", lambda: target(group="england"), "Choose the comparator"),
    Broken("target_better_than_another_figure", lambda: target(is_strict=True), "Only what rests on another figure"),
    Broken("target_better_than_another_figure", lambda: relative(sense="exactly")),
    Broken(
        "target_shape_of_what_it_rests_on",
        lambda: relative(rests_on="comparator", group="england", shape="last_year"),
        "for every period",
    ),
    Broken("target_words_known", lambda: target(sense="about")),
    Broken(
        "indicator_accumulates_what_adds_up",
        lambda: indicator(unit="percentage", accumulation="per_period"),
        "don't add up",
    ),
    Broken("indicator_accumulates_what_adds_up", lambda: indicator(unit="score", accumulation="to_date")),
    Broken("indicator_derived_not_to_date", lambda: indicator(kind="derived", accumulation="to_date"), "isn't entered"),
    Broken("baseline_one_per_month", lambda: twice(baseline), "There is already a baseline from this month."),
    Broken("baseline_month_is_first_day", lambda: baseline(month=SECOND_OF_JANUARY)),
    Broken("baseline_of_12_periods_or_more", lambda: baseline(periods=11)),
    Broken("baseline_reason_not_empty", lambda: baseline(reason="")),
    Broken("indicator_seasonal_with_reason", lambda: indicator(is_seasonal=True), "Say why it is seasonal."),
    Broken(
        "indicator_seasonal_within_a_year",
        lambda: indicator(is_seasonal=True, seasonal_reason="Schools close.", frequency="yearly"),
        "has no season",
    ),
    Broken("succession_once", lambda: twice(succession), "That it comes after this indicator is said already."),
    Broken("succession_not_of_itself", after_itself, "An indicator can't come after itself."),
    Broken("succession_month_is_first_day", lambda: succession(month=SECOND_OF_JANUARY)),
    Broken("succession_kind_known", lambda: succession(kind="follows")),
    Broken("national_comparator_one_per_year", lambda: twice(national), "There is already a national comparator"),
    Broken("national_comparator_words_known", lambda: national(on_basis="maybe")),
    Broken("scorecard_order_from_1", lambda: scorecard(position=0)),
    Broken("rebase_one_per_month", lambda: twice(rebase), "There is already a rebase in this month."),
    Broken("rebase_month_is_first_day", lambda: rebase(month=SECOND_OF_JANUARY), "date of its first day"),
    Broken("rebase_reason_not_empty", lambda: rebase(reason="")),
    Broken("population_one_per_year", lambda: twice(population)),
    Broken("population_not_empty", lambda: population(people=0), "A population is at least 1."),
    Broken("population_stage_known", lambda: population(stage="guessed")),
    Broken("derivation_term_once", lambda: twice(term), "This part is there already."),
    Broken("derivation_not_from_itself", own_source, "can't be worked out from itself"),
    Broken("derivation_role_known", lambda: term(role="factor")),
    Broken("deputy_is_somebody_else", own_deputy, "Nobody can be their own deputy."),
    Broken("deputy_ends_after_start", lambda: deputy(ends_on=JANUARY), "The last day can't be before the first."),
    Broken("deputy_once_from_a_day", lambda: twice(deputy)),
    Broken("focus_closed_after_opened", lambda: area(closed_on=JANUARY), "can't be closed before it was opened"),
    Broken("focus_words_known", lambda: area(raised_by="nobody")),
    Broken("focus_words_known", lambda: question(kind="complaint")),
    *(
        Broken("focus_question_asked_by_the_panel", lambda changed=changed: question(**changed), "raised by the panel")
        for changed in ({"asked_by": None}, {"asked_in": None}, {"raised_by": "service"}, {"kind": "area"})
    ),
    Broken("focus_asked_in_is_first_day", lambda: question(asked_in=SECOND_OF_JANUARY), "date of its first day"),
    Broken("focus_due_from_somebody", lambda: question(due_on=SECOND_OF_JANUARY), "is due from somebody"),
    Broken(
        "focus_due_from_somebody", lambda: question(due_on=JANUARY, owner=make_user("head")), "before it was asked for"
    ),
    Broken(
        "commentary_one_per_month",
        lambda: twice(lambda: Commentary(indicator=make_indicator(), month=JANUARY, text="Steady.")),
        "There is already a commentary for this month.",
    ),
    Broken(
        "commentary_month_is_first_day",
        lambda: Commentary(indicator=make_indicator(), month=SECOND_OF_JANUARY, text="Steady."),
    ),
    Broken("user_name_once_whatever_case", lambda: namesake("one", "ONE"), "perhaps with other capitals"),
    Broken(
        "glossary_short_form_once",
        lambda: GlossaryEntry(short_form="uasc", meaning="another"),
        "has this short form already",
    ),
    Broken("glossary_words_given", lambda: GlossaryEntry(short_form="LAC", meaning="")),
    Broken("council_details_one_row", lambda: CouncilDetails(id=2), "are there already"),
    Broken("council_details_small_counts_known", lambda: CouncilDetails(id=1, small_counts="show")),
    Broken("council_details_largest_small_known", lambda: CouncilDetails(id=1, largest_small_count=6)),
    Broken(
        "council_details_main_colour_first",
        lambda: CouncilDetails(id=1, second_colour="#0b4a5a"),
        "A second colour needs a main one.",
    ),
    Broken("logo_is_a_picture", lambda: Logo(checksum="a" * 64, content=b"x", width=0, height=1)),
    Broken("council_details_year_starts_in_a_month", lambda: CouncilDetails(id=1, year_starts=13)),
    Broken(
        "council_details_reviewed_after_prepared",
        lambda: CouncilDetails(id=1, statement_prepared_on=SECOND_OF_JANUARY, statement_reviewed_on=JANUARY),
        "reviewed before it was prepared",
    ),
    Broken("edition_one_per_month", lambda: twice(edition), "There is already an edition for this month."),
    Broken("edition_month_is_first_day", lambda: edition(month=SECOND_OF_JANUARY)),
    Broken("edition_state_known", lambda: edition(state="forgotten")),
    Broken("edition_collected_between_dates", lambda: edition(opens_on=None), "an opening date and a due date"),
    Broken("edition_collected_between_dates", lambda: edition(due_on=None), "an opening date and a due date"),
    Broken("edition_due_after_opening", lambda: edition(due_on=JANUARY), "can't be before the opening date"),
    Broken("edition_meets_after_due", lambda: edition(meeting_date=date(2021, 2, 10)), "can't be before the due date"),
    Broken(
        "cross_check_total_only_for_parts", lambda: check(kind="stock", total=100), "Only parts can have a fixed total."
    ),
    Broken("cross_check_tolerance_not_negative", lambda: check(tolerance=-1), "A tolerance can't be negative."),
    Broken("cross_check_kind_known", lambda: check(kind="other")),
    Broken("cross_check_term_once", lambda: twice(check_term), "This indicator is part of the check already."),
    Broken("cross_check_role_known", lambda: check_term(role="other")),
    Broken("sign_off_one_per_month", lambda: twice(sign_off)),
    Broken("sign_off_month_is_first_day", lambda: sign_off(month=SECOND_OF_JANUARY)),
    Broken("sign_off_step_known", lambda: sign_off(step="forgotten")),
    *(
        Broken("sign_off_sent_by_somebody", lambda field=field: sent(**{field: None}), "Say who sent it")
        for field in ("sent_at", "first_sent_at", "sent_by")
    ),
    *(
        Broken(
            "sign_off_decided_by_somebody",
            lambda step=step, field=field: decided(step, **{field: None}),
            "Say who signed it off",
        )
        for step in ("sent_back", "approved")
        for field in ("decided_at", "decided_by")
    ),
    Broken("sign_off_sent_back_with_a_note", lambda: decided("sent_back", note=""), "Say what should be changed."),
    Broken("sign_off_own_if_signed_off", lambda: decided("sent_back", entered_by_signer=True), "Only a sign-off"),
    Broken("warning_reason_once", lambda: twice(reason)),
    Broken("warning_reason_month_is_first_day", lambda: reason(month=SECOND_OF_JANUARY)),
    Broken("warning_reason_not_empty", lambda: reason(reason="")),
    Broken("visit_one_per_person", lambda: twice(visit)),
    Broken("reminder_once_per_occasion", lambda: twice(reminder)),
    Broken("reminder_kind_known", lambda: reminder(kind="other")),
    Broken("publication_numbered_once", lambda: twice(publication)),
    Broken("publication_kind_known", lambda: revision(kind="other")),
    Broken("publication_kind_known", lambda: publication(checksum="")),
    *(
        Broken(
            "publication_revised_for_a_reason",
            lambda fields=fields: publication(**fields),
            "A first publication is number 1; a revision needs a reason.",
        )
        for fields in ({"number": 2}, {"kind": "scheduled", "reason": "Final."}, {"number": 2, "kind": "correction"})
    ),
    Broken("document_one_per_audience", lambda: twice(document)),
    Broken("document_audience_known", lambda: document(audience="press")),
    Broken("document_whole", lambda: document(body="")),
    Broken("document_whole", lambda: document(checksum="")),
    Broken("document_leaves_out_what_is_known", lambda: document(hides_up_to=6)),
    Broken("document_leaves_out_what_is_known", lambda: document(people_named="some")),
    Broken("publication_shows_for_a_reason", lambda: publication(shown_counts=3), "says why"),
    Broken(
        "scorecard_shows_for_a_reason",
        lambda: baker.prepare(Scorecard, slug="open", is_public=True, suppresses_small_counts=False),
        "or says why it doesn’t",
    ),
    Broken("scorecard_people_named_known", lambda: baker.prepare(Scorecard, slug="open", people_named="some")),
    Broken(
        "scorecard_rounds_instead_of_hiding",
        lambda: baker.prepare(
            Scorecard, slug="rounds", rounds_counts=True, suppresses_small_counts=False, shown_because="Printed."
        ),
    ),
    Broken("scorecard_largest_small_count_known", lambda: baker.prepare(Scorecard, slug="few", largest_small_count=6)),
    Broken("cross_check_months_only_for_totals", lambda: check(months=3), "Only a total of months"),
    Broken("public_text_decided_once", lambda: twice(public_text)),
    Broken("public_text_decision_known", lambda: public_text(decision="other")),
    Broken("public_text_month_is_first_day", lambda: public_text(month=SECOND_OF_JANUARY)),
    Broken("public_text_whole", lambda: public_text(text="")),
    Broken("public_text_whole", lambda: public_text(key="")),
    Broken("public_text_reworded_in_words", lambda: public_text(decision="reworded"), "has a public version"),
    Broken("public_text_reworded_in_words", lambda: public_text(wording="Some."), "has a public version"),
    Broken("withholding_says_why", lambda: withholding(words="")),
    Broken("withholding_says_why", lambda: withholding(places=0), "says why"),
    *(
        Broken(
            f"withholding_{step}_by_somebody",
            lambda step=step: withholding(**{f"{step}_by": make_user("second")}),
            "both the person and the time",
        )
        for step in ("confirmed", "lifted", "erasure_asked", "erased")
    ),
    Broken("withholding_by_two", lambda: own_step("confirmed"), "A second person"),
    Broken("withholding_by_two", lambda: own_step("lifted", lifting_reason="A mistake"), "A second person"),
    Broken(
        "withholding_by_two",
        lambda: own_step("erased", "confirmed", "erasure_asked", of="erasure_asked_by", legal_reason="Article 17"),
        "A second person",
    ),
    Broken("withholding_lifted_for_a_reason", lambda: steps("lifted"), "has a reason for it"),
    Broken(
        "withholding_erased_after_steps",
        lambda: steps("confirmed", "erasure_asked", "erased"),
        "with the reason in law",
    ),
    Broken("withholding_erased_after_steps", lambda: steps("erased", legal_reason="Article 17"), "asked for before"),
    Broken("withholding_confirmed_before_erasure", lambda: steps("erasure_asked"), "Only what was confirmed"),
    Broken("tombstone_has_a_place", lambda: tombstone(kind="figure"), "a figure its indicator and month"),
    Broken("tombstone_has_a_place", lambda: tombstone(kind="line"), "a line its indicator"),
    Broken("tombstone_has_a_place", lambda: tombstone(indicator=1), "A text has its words"),
    Broken("draft_state_known", lambda: draft(state="lost", receipt={}), "prepared, brought over or undone"),
    Broken("draft_receipt_from_when_created", lambda: draft(receipt={}), "from when it was brought over"),
    Broken("erasure_once", lambda: twice(erasure)),
    Broken("erasure_changes_something", lambda: erasure(new_checksum="0" * 64), "another checksum"),
    Broken("file_one_per_format", lambda: twice(kept_file)),
    Broken("section_title_once", section, "The scorecard already has a section of this title."),
    Broken(
        "line_once_in_section",
        lambda: twice(lambda: Line(section=make_scorecard().sections.get(), indicator=make_indicator())),
        "The section already has this indicator.",
    ),
]

# What a model's field keeps unique by itself.
UNIQUE_FIELDS = {
    "username": lambda: twice(lambda: User(username="one", password="x")),
    "group name": lambda: twice(lambda: PopulationGroup(name="0 to 17")),
    "slug": lambda: twice(lambda: baker.prepare(Scorecard, slug="panel")),
}
# SQLite names a broken unique constraint's columns; a trigger sees an indicator's own circle before its constraint.
OTHER_NAMES = ("UNIQUE constraint failed", IN_A_CIRCLE, FOLLOWS_ITSELF)
EACH_BROKEN = pytest.mark.parametrize(
    "broken", [pytest.param(one, id=f"{number:02}-{one.constraint}") for number, one in enumerate(BROKEN)]
)


def our_models():
    for label in ("indicators", "commentary", "scorecard"):
        yield from apps.get_app_config(label).get_models()


def test_every_constraint_is_broken_here():
    declared = {constraint.name for model in our_models() for constraint in model._meta.constraints}
    assert {broken.constraint for broken in BROKEN} == declared


@EACH_BROKEN
def test_database_refuses_what_breaks(broken):
    row = broken.make()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        type(row)._default_manager.bulk_create([row])
    assert any(name in str(error.value) for name in (broken.constraint, *OTHER_NAMES))


@EACH_BROKEN
def test_form_check_explains_what_breaks(broken):
    with pytest.raises(ValidationError) as error:
        broken.make().full_clean()
    message = " ".join(error.value.messages)
    assert broken.message in message
    assert "is violated" not in message


@pytest.mark.parametrize("make", UNIQUE_FIELDS.values(), ids=UNIQUE_FIELDS)
def test_database_refuses_a_second_one(make):
    row = make()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._default_manager.bulk_create([row])


def test_database_refuses_an_update_that_breaks_a_constraint():
    value(figure=5).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyValue.objects.update(blank="awaited")


def test_database_refuses_to_delete_an_indicator_that_others_are_worked_out_from():
    source = make_indicator("S")
    make_derived("D", [source])
    with pytest.raises(models.ProtectedError):
        source.delete()


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(lambda: value(figure=0), id="zero is a figure"),
        pytest.param(lambda: parts(numerator=0, denominator=0), id="nothing of nothing"),
        pytest.param(lambda: value(blank="awaited"), id="a blank"),
        pytest.param(lambda: target(value=None, is_tbc=True), id="target to be confirmed"),
        pytest.param(lambda: comparator(value=None, blank="not_available"), id="comparator not available"),
        pytest.param(lambda: comparator(value=0), id="comparator of zero"),
        pytest.param(lambda: indicator(active_from=JANUARY, active_to=JANUARY), id="active for one month"),
        pytest.param(
            lambda: edition(opens_on=JANUARY, due_on=JANUARY, meeting_date=JANUARY), id="edition of a single day"
        ),
        pytest.param(
            lambda: edition(state=EditionState.PUBLISHED, opens_on=None, due_on=None), id="published without dates"
        ),
        pytest.param(lambda: check(total=100, tolerance=0), id="shares of 100"),
        pytest.param(lambda: question(kind="recommendation"), id="recommendation that nobody answers yet"),
        pytest.param(
            lambda: question(owner=make_user("head"), due_on=SECOND_OF_JANUARY), id="answer due on the day of asking"
        ),
        pytest.param(sign_off, id="nothing sent yet"),
        pytest.param(sent, id="sent by somebody"),
        pytest.param(lambda: decided("sent_back"), id="sent back with a note"),
        pytest.param(lambda: decided("approved", note=""), id="signed off without a note"),
    ],
)
def test_database_accepts(row):
    row = row()
    row.save()
    assert type(row)._default_manager.get(pk=row.pk)


def test_tables_have_their_constraints():
    with connection.cursor() as cursor:
        found = {
            name
            for model in our_models()
            for name in connection.introspection.get_constraints(cursor, model._meta.db_table)
        }
    assert {broken.constraint for broken in BROKEN} <= found
