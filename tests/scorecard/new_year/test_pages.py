"""An officer prepares a new year through Django's client: the grid, copying, populations, comparators, what ends."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import Comparator, Indicator, Population, PopulationGroup, Succession, Target
from scorecard.models import Line
from scorecard.new_year import page as new_year
from tests.factories import JANUARY, make_edition, make_indicator, make_officer, make_scorecard

pytestmark = pytest.mark.django_db
YEAR = "/scorecards/panel/new-year/"
TODAY = timezone.localdate()


@pytest.fixture
def scorecard():
    """With an edition of January 2021, so that the new year is 2021-22. A1 has targets, A2 has none."""
    children = PopulationGroup.objects.create(name="Children")
    indicators = [
        make_indicator("A1", unit="percentage", polarity="high", allows_negative=False),
        make_indicator("A2", unit="count", polarity="low", decimal_places=0),
        make_indicator("A3", unit="rate_10000", polarity="low", kind="derived", population=children),
    ]
    Target.objects.create(indicator=indicators[0], year=2019, value=90)
    Target.objects.create(indicator=indicators[0], year=2020, value=94, tolerance=2, sense="at_least")
    Population.objects.create(group=children, year=2020, people=50_000)
    scorecard = make_scorecard(*indicators)
    make_edition(scorecard, JANUARY)
    return scorecard


@pytest.fixture
def officer(client, scorecard):
    client.force_login(make_officer())
    return client


def words(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def key(reference):
    return Indicator.objects.get(reference=reference).pk


def typed_on(client, year=2021):
    """What a browser would send of the page as it is."""
    page = client.get(YEAR, {"year": year}).content.decode()
    form = page[page.index('id="new-year"') : page.index("</form>", page.index('id="new-year"'))]
    fields = dict(re.findall(r'<input type="(?:text|hidden)" name="([^"]+)"(?: value="([^"]*)")?', form))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        fields[name] = re.search(r'value="([^"]*)" selected', options)[1]
    fields |= dict.fromkeys(re.findall(r'name="([^"]+-is_tbc)" checked', form), "on")
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def fill_in(client, action="save", **cells):
    """Type into cells named by the reference: A1="95", A1_tolerance="3"."""
    fields = typed_on(client)
    for name, value in cells.items():
        reference, _, field = name.partition("_")
        fields[f"target-{key(reference)}-{field or 'value'}"] = value
    return client.post(YEAR, fields | {"action": action}, follow=True)


def target(reference, year=2021):
    return Target.objects.filter(indicator__reference=reference, year=year).first()


def test_three_years_stand_beside_each_other_and_what_is_missing_is_said(officer):
    page = words(officer.get(YEAR))

    assert "2021-22: a new year" in page
    assert "Title of A1 ! none yet 90% 94%" in page
    for told in (
        "1 target of this year has none for the next",
        "2 indicators without any target",
        "1 population without an estimate",
        "No newer comparator is due",
    ):
        assert told in page


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"A1": "95"}, {"value": 95, "tolerance": 2, "sense": "at_least", "is_tbc": False}),
        ({"A1": " 95.5 % ", "A1_tolerance": ""}, {"value": Decimal("95.5"), "tolerance": 0}),
        ({"A1": "TBC"}, {"value": None, "is_tbc": True}),
        ({"A1_is_tbc": "on"}, {"value": None, "is_tbc": True}),
        ({"A2": "1,234"}, {"value": 1234, "sense": "direction"}),
        ({"A2": "5", "A2_sense": "at_most"}, {"value": 5, "sense": "at_most"}),
        ({"A2": "0"}, {"value": 0}),
    ],
    ids=str,
)
def test_target_is_typed(officer, cells, expected):
    page = fill_in(officer, **cells)

    made = target(next(iter(cells)).partition("_")[0])
    assert "1 saved for 2021-22." in words(page)
    assert {name: getattr(made, name) for name in expected} == expected
    assert made.history.get().history_user.username == "officer"


def test_page_that_is_sent_as_it_is_changes_nothing(officer):
    fill_in(officer, A1="95", A2="7")
    before = list(Target.objects.order_by("pk").values_list("pk", "version"))

    assert "Nothing was changed." in words(fill_in(officer))
    assert list(Target.objects.order_by("pk").values_list("pk", "version")) == before


def test_emptied_cell_takes_the_target_away_and_the_history_keeps_it(officer):
    fill_in(officer, A1="95")
    gone = target("A1").pk

    fill_in(officer, A1="")

    assert target("A1") is None
    assert Target.history.filter(id=gone).latest().history_type == "-"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"A2": "many"}, "Write a figure, as 94 or 12.5."),
        ({"A2": "1e999"}, "too long"),
        ({"A2": "NaN"}, "Write a figure"),
        ({"A2": "9" * 5000}, "too long"),
        ({"A2": "1.1234567"}, "At most 6 decimals."),
        ({"A2": "-5"}, "can't be negative"),
        ({"A2": "5", "A2_tolerance": "-1"}, "A tolerance can't be negative."),
        ({"A2": "5", "A2_sense": "at_least"}, "contradicts the indicator’s direction"),
        ({"A2": "5", "A2_sense": "somehow"}, "is not on the list"),
        ({"A2": "5", "A2_is_tbc": "on"}, "one of them"),
        ({"A2": "5", "A2_upper": "7"}, "Any other target has one"),
        ({"A2": "\x00"}, "Write a figure"),
    ],
    ids=str,
)
def test_what_is_right_is_saved_and_what_is_not_comes_back_with_the_reason(officer, cells, message):
    page = fill_in(officer, A1="95", **cells)

    assert page.status_code == 422
    assert message in words(page)
    assert (target("A1").value, target("A2")) == (95, None)
    # What was typed still stands in its cell.
    assert f'name="target-{key("A2")}-value" value="{cells["A2"]}"' in page.content.decode()


def test_two_officers_do_not_overwrite_one_another(officer):
    fields, second = typed_on(officer), Client()
    second.force_login(make_officer("second", name="Sam Second"))
    fill_in(second, A1="97")

    cell = f"target-{key('A1')}-value"
    page = officer.post(YEAR, fields | {cell: "95", f"target-{key('A2')}-value": "7", "action": "save"})

    assert page.status_code == 422
    assert "Sam Second saved 97% on" in words(page)
    assert (target("A1").value, target("A2").value) == (97, 7)
    # Saved once more, now that theirs has been seen, it stands.
    form = page.content.decode()
    saw = re.search(rf'name="target-{key("A1")}-saw" value="([^"]+)"', form)[1]
    other = re.search(rf'name="target-{key("A2")}-saw" value="([^"]+)"', form)[1]
    again = {cell: "95", f"target-{key('A1')}-saw": saw, f"target-{key('A2')}-value": "7"}
    officer.post(YEAR, fields | again | {f"target-{key('A2')}-saw": other, "action": "save"})
    assert target("A1").value == 95


def test_target_that_is_no_plain_figure_is_shown_and_not_overwritten(officer):
    Target.objects.create(indicator_id=key("A1"), year=2021, rests_on="last_year", is_strict=True)

    page = fill_in(officer, A1="95")

    assert "better than last year" in words(page)
    assert target("A1").rests_on == "last_year"


# Copying


def test_targets_are_copied_where_there_are_none_and_what_was_typed_is_saved(officer):
    Target.objects.create(indicator_id=key("A2"), year=2020, value=10)

    page = fill_in(officer, action="copy", A2="7")

    assert "1 target copied to 2021-22." in words(page)
    assert (target("A1").value, target("A1").tolerance, target("A2").value) == (94, 2, 7)


@pytest.mark.parametrize(
    ("percent", "expected"),
    [("2", 96), ("-2%", 92), ("1", 95), ("", 94), ("-99", 1), ("1000", None), ("7", None)],
)
def test_targets_are_copied_with_a_change(officer, percent, expected):
    page = officer.post(YEAR, typed_on(officer) | {"action": "copy", "percent": percent}, follow=True)

    made = target("A1")
    assert (made and made.value) == expected
    if expected is None:
        assert "A1 is not copied. It would be more than 100%." in words(page)


@pytest.mark.parametrize("percent", ["x", "-100", "1001", "NaN"])
def test_change_that_makes_no_sense_is_refused_and_the_cells_are_saved(officer, percent):
    fields = typed_on(officer) | {f"target-{key('A2')}-value": "7", "action": "copy", "percent": percent}

    assert officer.post(YEAR, fields).status_code == 422
    assert (target("A1"), target("A2").value) == (None, 7)


def test_only_ticked_indicators_are_copied(officer):
    Target.objects.create(indicator_id=key("A2"), year=2020, value=10)

    officer.post(YEAR, typed_on(officer) | {"action": "copy", "tick": [key("A2"), "x", "999"]})

    assert (target("A1"), target("A2").value) == (None, 10)


# Populations


def test_population_is_typed_and_what_is_wrong_comes_back(officer):
    cell = f"population-{PopulationGroup.objects.get().pk}-people"

    assert officer.post(YEAR, typed_on(officer) | {cell: "none", "action": "save"}).status_code == 422
    officer.post(YEAR, typed_on(officer) | {cell: "51,234", "action": "save"})

    made = Population.objects.get(year=2021)
    assert (made.people, made.stage) == (51_234, "provisional")
    assert "Every population has its estimate" in words(officer.get(YEAR))
    stale = typed_on(officer)
    made.people = 1
    made.save()
    assert "saved 1" in words(officer.post(YEAR, stale | {cell: "2", "action": "save"}))
    assert Population.objects.get(year=2021).people == 1


# Comparators


def test_latest_comparators_are_shown_with_what_is_due(officer):
    ago = {"next_update": TODAY - timedelta(days=1)}
    Comparator.objects.create(indicator_id=key("A1"), group="england", year=2018, value=1, **ago)
    Comparator.objects.create(indicator_id=key("A1"), group="england", year=2019, value=2)
    Comparator.objects.create(indicator_id=key("A2"), group="region", year=2019, value=2, **ago)
    Comparator.objects.create(indicator_id=key("A2"), group="england", value=2)

    page = words(officer.get(YEAR))

    assert "A1 Title of A1 – 2019-20 – A2 Title of A2 – year not known 2019-20 ! newer due since" in page
    assert "1 indicator with newer comparators due" in page


# What ends


def end(client, **fields):
    indicator = Indicator.objects.get(reference="A1")
    usual = {"action": "end", "year": "2021", "ending": f"{indicator.pk}.{indicator.version}", "last_month": "Mar 2021"}
    return client.post(YEAR, usual | fields, follow=True)


def test_indicator_ends_and_is_replaced(officer):
    page = end(officer, successor=key("A2"), note="Counted by age.")

    assert Indicator.objects.get(reference="A1").active_to == date(2021, 3, 1)
    made = Succession.objects.get()
    assert (made.indicator.reference, made.former.reference, made.month) == ("A2", "A1", date(2021, 4, 1))
    assert "A2 replaces A1 from April 2021" in words(page)
    assert "1 line of an indicator that ends before the year" in words(page)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"ending": ""}, "Choose the indicator."),
        ({"ending": "1.99"}, "not on the list"),
        ({"last_month": "soon"}, "is not a month"),
        ({"successor": "{A1}"}, "can’t come after itself"),
        ({"successor": "x"}, "Choose one that is on the list."),
    ],
)
def test_end_that_makes_no_sense_is_refused_and_nothing_is_changed(officer, fields, message):
    page = end(officer, **{name: value.format(A1=key("A1")) for name, value in fields.items()})

    assert page.status_code == 422
    assert message in words(page)
    assert Indicator.objects.get(reference="A1").active_to is None
    assert not Succession.objects.exists()


@pytest.mark.parametrize(
    ("month", "year"), [((2021, 3), "2021-22"), ((2021, 6), "2021-22"), ((2021, 7), "2022-23"), ((2022, 3), "2022-23")]
)
def test_year_to_prepare_follows_the_latest_edition(officer, scorecard, month, year):
    make_edition(scorecard, date(*month, 1))

    assert f"{year}: a new year" in words(officer.get(YEAR))


@pytest.mark.parametrize("year", ["0", "9999", "x", "-1", "²", "1990", "", "2021" * 100])
def test_odd_year_in_an_address_is_the_year_to_prepare(officer, year):
    assert "2021-22: a new year" in words(officer.get(YEAR, {"year": year}))


def test_number_of_queries_does_not_grow_with_the_lines(officer, scorecard):
    section = scorecard.sections.get()

    def queries(act):
        with CaptureQueriesContext(connection) as counted:
            assert act().status_code == 200
        return len(counted)

    few = queries(lambda: officer.get(YEAR)), queries(lambda: fill_in(officer, A2="7"))
    for number in range(40):
        one = make_indicator(f"N{number}", population=PopulationGroup.objects.get(), kind="derived", unit="rate_10000")
        Line.objects.create(section=section, indicator=one)
        Target.objects.create(indicator=one, year=2020, value=number)
        Comparator.objects.create(indicator=one, group="england", year=2019, value=2)
        Succession.objects.create(indicator=one, former_id=key("A1"), month=JANUARY)

    # Of comparators there is one query more, for what they are called.
    assert queries(lambda: officer.get(YEAR)) <= few[0] + 1
    cells = {f"N{number}": str(number) for number in range(40)}
    assert queries(lambda: fill_in(officer, A2="8", **cells)) <= few[1] + 45


def test_very_many_lines_come_in_parts_of_which_each_is_saved_by_itself(officer, monkeypatch):
    """No part has more fields than the server takes."""
    assert new_year.ROWS_AT_ONCE * 7 < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    monkeypatch.setattr(new_year, "ROWS_AT_ONCE", 2)
    first, second = (words(officer.get(YEAR, {"year": 2021, "part": part})) for part in ("", "2"))
    assert "Lines 1 to 2 , 3 to 3 . Save before you go on." in first
    assert ("Target of A2" in first, "Target of A3" in first) == (True, False)
    assert ("Target of A2" in second, "Target of A3" in second) == (False, True)
    assert "to do" in words(officer.get(YEAR, {"year": 2021, "part": "99999999"})).lower()

    form = f"target-{key('A3')}"
    cell = {f"{form}-saw": ".0", f"{form}-value": "7", f"{form}-sense": "direction"}
    answer = officer.post(YEAR, {"year": "2021", "part": "2", "action": "save", **cell})
    assert answer["Location"].endswith("?year=2021&part=2#targets")
    assert Target.objects.get(indicator__reference="A3", year=2021).value == 7
    assert Target.objects.filter(year=2021).count() == 1
