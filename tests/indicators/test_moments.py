"""Dates and times of moments are British everywhere: what the helper says, and that nothing is written without it."""

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils import timezone

from indicators.moments import day_and_time, day_in_words, day_of, time_text, today_in_britain

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    path
    for folder in ("indicators", "commentary", "scorecard")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts and path != ROOT / "indicators/moments.py"
]
# A datetime there is what a spreadsheet's cell holds, which is no moment: it has no time zone.
CELLS = {"indicators/resources/cells.py", "indicators/models/fields.py"}


@pytest.mark.parametrize(
    ("moment", "day", "time"),
    [
        pytest.param(
            datetime(2021, 7, 1, 23, 30, tzinfo=UTC), "2 July 2021", "00:30", id="half past midnight in summer"
        ),
        pytest.param(datetime(2021, 7, 1, 22, 59, tzinfo=UTC), "1 July 2021", "23:59", id="before midnight in summer"),
        pytest.param(datetime(2021, 1, 1, 23, 30, tzinfo=UTC), "1 January 2021", "23:30", id="in winter"),
        pytest.param(datetime(2021, 3, 28, 0, 59, tzinfo=UTC), "28 March 2021", "00:59", id="before clocks go on"),
        pytest.param(datetime(2021, 3, 28, 1, 0, tzinfo=UTC), "28 March 2021", "02:00", id="after clocks went on"),
        pytest.param(datetime(2021, 10, 31, 0, 30, tzinfo=UTC), "31 October 2021", "01:30", id="before they go back"),
        pytest.param(datetime(2021, 10, 31, 1, 30, tzinfo=UTC), "31 October 2021", "01:30", id="after they went back"),
        pytest.param(
            datetime(2021, 7, 1, 20, 0, tzinfo=ZoneInfo("America/New_York")),
            "2 July 2021",
            "01:00",
            id="from elsewhere",
        ),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/London", "UTC", "Asia/Tokyo"])
def test_moment_is_told_by_british_time(moment, day, time, zone):
    template = engines["django"].from_string('{{ moment|british:"j F Y, H:i" }}{{ none|british:"j F Y" }}')
    with timezone.override(zone):
        assert (day_in_words(moment), time_text(moment)) == (day, time)
        assert day_and_time(moment) == f"{day} at {time}"
        assert f"{day_of(moment):%-d %B %Y}" == day
        assert template.render({"moment": moment, "none": None}) == f"{day}, {time}"


def test_today_begins_at_midnight_in_britain(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2021, 7, 1, 23, 30, tzinfo=UTC))
    with timezone.override("UTC"):
        assert today_in_britain() == date(2021, 7, 2)


def test_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        day_of(datetime(2021, 7, 1, 23, 30))  # noqa: DTZ001


def names_of_moments():
    """The fields in which the models keep moments, and what the code calls one."""
    from django.apps import apps
    from django.db.models import DateTimeField

    fields = {
        field.name
        for label in ("indicators", "commentary", "scorecard")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.fields
        if isinstance(field, DateTimeField)
    }
    return fields | {"moment", "when", "now", "until"}


def written_without_the_helper(tree, moments):
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in (
            "localtime",
            "localdate",
            "make_naive",
            "strftime",
        ):
            yield node, node.attr
        if isinstance(node, ast.ImportFrom) and {"localtime", "localdate"} & {name.name for name in node.names}:
            yield node, "localtime"
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        is_clock = isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "date.today",
            "datetime.now",
            "datetime.today",
        )
        if is_clock:
            yield node, ast.unparse(node.func)
        if is_call and node.func.attr == "date" and not node.args and not node.keywords:
            yield node, ".date()"
        if isinstance(node, ast.FormattedValue) and node.format_spec:
            value = node.value
            # A variable `when` may be a month; what a row has under that name is a moment.
            name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "").replace("when", "")
            if name in moments and "%" in ast.unparse(node.format_spec):
                yield node, name


def test_nothing_makes_a_date_of_a_moment_without_the_helper():
    moments, found = names_of_moments(), []
    for path in CODE:
        place = str(path.relative_to(ROOT))
        for node, what in written_without_the_helper(ast.parse(path.read_text()), moments):
            if not (place in CELLS and what == ".date()"):
                found.append(f"{place}:{node.lineno} {what}")
    assert found == []


def test_no_template_writes_a_moment_without_the_filter():
    names = "|".join(names_of_moments() | {"at"})
    by_django = re.compile(rf"\{{\{{[^}}]*\b({names})\|(date|time)\b")
    found = [
        f"{path.relative_to(ROOT)}: {one[0]}"
        for path in (ROOT / "templates").rglob("*.*")
        for one in by_django.finditer(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "published_at.date()",
        "f'{one.published_at:%-d %B %Y}'",
        "localtime(x)",
        "one.sent_at.strftime('%d')",
        "timezone.localdate()",
    ],
)
def test_ratchet_finds_what_it_looks_for(line):
    source = f"from django.utils.timezone import localtime\n{line}" if line.startswith("localtime") else line
    assert [*written_without_the_helper(ast.parse(source), names_of_moments())]
