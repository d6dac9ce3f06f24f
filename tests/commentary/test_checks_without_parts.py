"""A check whose other indicators have all been deleted asks nothing of anybody."""

import pytest

from commentary.warnings import CheckedLine, LineCheck, cautions_for
from indicators.calculations.change import NO_CHANGE_KNOWN
from indicators.calculations.consistency import CheckKind
from indicators.calculations.figures import Figure
from indicators.calculations.vocabulary import Rating, Unit


@pytest.mark.parametrize("kind", CheckKind, ids=lambda kind: kind.value)
def test_a_check_with_nothing_warns_of_nothing(kind):
    line = CheckedLine(
        figure=Figure(5),
        previous=None,
        earlier=[None] * 12,
        change=NO_CHANGE_KNOWN,
        rating=Rating.NO_TARGET,
        unit=Unit.COUNT,
        may_exceed_100=False,
        is_derived=False,
        has_commentary=True,
        period="January 2021",
        previous_period="December 2020",
        show=str,
    )
    check = LineCheck("check-1", kind, "A1", value=5, before=3, parts=(), total=None, tolerance=0, note="")

    assert cautions_for(line, [check], 1) == []
