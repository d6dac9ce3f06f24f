"""How far a line has come, for everything that can be stored of it."""

import pytest

from commentary.sign_off import LatestStep, Standing, Step, signature, standing
from indicators.calculations.figures import NO_RECORD, Figure
from indicators.calculations.vocabulary import Stage

FIGURE, TEXT = Figure(271), "Fewer referrals."


def signed(step, figure=FIGURE, text=TEXT):
    return LatestStep(step, signature(figure), text)


def stands(sign_off, figure=FIGURE, text=TEXT, *, is_started=True, is_due=True):
    return standing(sign_off, figure, text, is_started=is_started, is_due=is_due)


@pytest.mark.parametrize(
    ("is_started", "is_due", "expected"),
    [
        pytest.param(False, True, Standing.TO_DO, id="due and untouched"),
        pytest.param(True, True, Standing.DRAFT, id="due and begun"),
        pytest.param(False, False, Standing.NOT_DUE, id="not due"),
        pytest.param(True, False, Standing.DRAFT, id="not due, but entered all the same"),
    ],
)
@pytest.mark.parametrize("sign_off", [None, signed(Step.DRAFT)], ids=["never sent", "taken back"])
def test_line_that_waits_for_nobody_but_its_reporter(sign_off, is_started, is_due, expected):
    assert stands(sign_off, is_started=is_started, is_due=is_due) is expected


@pytest.mark.parametrize(
    ("step", "expected"),
    [(Step.SENT, Standing.SENT), (Step.SENT_BACK, Standing.SENT_BACK), (Step.APPROVED, Standing.APPROVED)],
)
def test_line_stands_where_its_latest_step_left_it(step, expected):
    assert stands(signed(step)) is expected


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        pytest.param(Figure(272), TEXT, id="another figure"),
        pytest.param(Figure(271, stage=Stage.REVISED), TEXT, id="another stage"),
        pytest.param(Figure(271, note="Recounted."), TEXT, id="another note"),
        pytest.param(NO_RECORD, TEXT, id="figure taken away"),
        pytest.param(FIGURE, "More referrals.", id="another commentary"),
        pytest.param(FIGURE, "", id="commentary taken away"),
    ],
)
def test_line_that_was_signed_off_waits_again_once_it_is_another(figure, text):
    assert stands(signed(Step.APPROVED), figure, text) is Standing.CHANGED


def test_line_ends_of_another_browser_are_no_change():
    assert (
        stands(signed(Step.APPROVED, text="Fewer.\nAs planned."), text="Fewer.\r\nAs planned.\r\n") is Standing.APPROVED
    )


@pytest.mark.parametrize("step", [Step.SENT, Step.SENT_BACK])
def test_line_that_is_on_its_way_stays_so_when_changed(step):
    assert stands(signed(step), Figure(272), "Other.") == step


def test_line_that_was_signed_off_as_not_due_stays_signed_off():
    assert stands(signed(Step.APPROVED), is_started=False, is_due=False) is Standing.APPROVED


@pytest.mark.parametrize(
    ("step", "with_reporter", "with_owner"),
    [
        (Standing.NOT_DUE, False, False),
        (Standing.TO_DO, True, False),
        (Standing.DRAFT, True, False),
        (Standing.SENT_BACK, True, False),
        (Standing.SENT, False, True),
        (Standing.CHANGED, False, True),
        (Standing.APPROVED, False, False),
    ],
)
def test_whose_turn_it_is(step, with_reporter, with_owner):
    assert (step.is_with_reporter, step.is_with_owner) == (with_reporter, with_owner)


def test_texts_of_before_they_had_one_form_are_still_those_signed_off():
    figure = Figure(271, note="a\xa0b\u200b")
    kept = LatestStep(Step.APPROVED, "271 a\xa0b\u200b", "\uf0b7\tFewer\xa0referrals.\u2028")
    assert kept.is_about(figure, "• Fewer referrals.")
    assert stands(kept, figure, "\uf0b7 Fewer referrals.") is Standing.APPROVED
    assert stands(kept, figure, "• More referrals.") is Standing.CHANGED
