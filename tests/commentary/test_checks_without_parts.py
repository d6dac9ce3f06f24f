"""A check whose other indicators have all been deleted asks nothing of anybody."""

import pytest

from commentary.warnings import LineCheck, cautions_for
from indicators.calculations.consistency import CheckKind
from tests.scorecard.report.rows import make_row


@pytest.mark.parametrize("kind", CheckKind, ids=lambda kind: kind.value)
def test_a_check_with_nothing_warns_of_nothing(kind):
    row = make_row(figure=51)
    check = LineCheck("check-1", kind, "A1", value=5, before=3, parts=(), total=None, tolerance=0, note="")
    found = cautions_for(row, [check], text="", from_change=1, may_exceed_100=False, is_derived=False)

    assert [caution for caution in found if caution.code == "check-1"] == []
