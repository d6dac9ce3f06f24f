"""An indicator's page, its chart data and its CSV through Django's client: the ladder, then what each says."""

import csv
import json
import re
from datetime import date
from fractions import Fraction
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commentary.models import AreaOfFocus, Commentary
from indicators.calculations.months import add_months, month_text
from indicators.calculations.vocabulary import Unit
from indicators.models import Comparator, ComparatorGroup, Indicator, MonthlyValue, PeerFigure, Rebase, Target
from scorecard.indicator_page import assemble_page
from scorecard.indicator_page.facts import Lines
from scorecard.models import Scorecard
from tests.factories import (
    DECEMBER,
    JANUARY,
    make_derived,
    make_indicator,
    make_officer,
    make_scorecard,
    make_user,
    make_value,
    make_values,
    publish,
)
from tests.scorecard.report.rows import make_measure
from tests.scorecard.test_views import ODD_MONTHS, text_of

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]

FILES = ["", "chart.json", "figures.csv"]
FEBRUARY = date(2021, 2, 1)
SCRIPT = '"><script>alert(1)</script>'


@pytest.fixture
def draft(db):
    """An indicator that is a line of a public scorecard, which publish_panel() publishes."""
    indicator = make_indicator("W1", title="Waiting times", polarity="low", definition="Days that families wait.")
    make_values(indicator, {DECEMBER: 10, JANUARY: 20})
    make_scorecard(indicator, council="Hill Council", region="South East", is_public=True)
    return indicator


@pytest.fixture
def waits(draft):
    """The same, published for December and January."""
    publish_panel()
    return draft


def publish_panel(*months):
    publish(Scorecard.objects.get(slug="panel"), *(months or (DECEMBER, JANUARY)))


def address(indicator, file="", month="2021-01"):
    return f"/scorecards/panel/{month}/indicators/{indicator.pk}/{file}"


def page_of(indicator, month=JANUARY, **asked):
    scorecard = Scorecard.objects.get(slug="panel")
    return assemble_page(scorecard, month, indicator.pk, **{"readable": [month], "with_names": False, **asked})


def chart_of(client, indicator, query=""):
    return client.get(address(indicator, "chart.json") + query).json()


def rows_of(client, indicator, query=""):
    return list(
        csv.DictReader(client.get(address(indicator, "figures.csv") + query).content.decode("utf-8-sig").splitlines())
    )


# The ladder


@pytest.mark.parametrize("file", FILES)
def test_page_works_without_signing_in_if_public(client, waits, file):
    assert client.get(address(waits, file)).status_code == 200


@pytest.mark.parametrize("file", FILES)
def test_page_sends_visitor_to_sign_in_if_not_public(client, waits, file):
    Scorecard.objects.update(is_public=False)

    response = client.get(address(waits, file))

    assert response.status_code == 302
    assert response.url == f"/sign-in/?next={address(waits, file)}"


@pytest.mark.parametrize("file", FILES)
def test_page_is_not_found_for_a_stranger_if_not_public(client, waits, file):
    Scorecard.objects.update(is_public=False)
    client.force_login(make_user("stranger"))

    assert client.get(address(waits, file)).status_code == 404


@pytest.mark.parametrize("file", FILES)
def test_unpublished_month_is_found_by_officers_only(client, draft, file):
    publish_panel(DECEMBER)

    assert client.get(address(draft, file)).status_code == 404
    client.force_login(make_officer())
    assert client.get(address(draft, file)).status_code == 200


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("month", ODD_MONTHS.values(), ids=ODD_MONTHS)
def test_odd_month_is_not_found(client, waits, file, month):
    assert client.get(address(waits, file, quote(month))).status_code == 404


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("key", [0, 999_999, 10**30])
def test_unknown_indicator_is_told(client, waits, file, key):
    response = client.get(f"/scorecards/panel/2021-01/indicators/{key}/{file}")

    assert response.status_code == 404
    assert "This indicator is not in the report for January 2021" in text_of(response)


@pytest.mark.parametrize("file", FILES)
def test_indicator_of_another_scorecard_is_not_found(client, waits, file):
    other = make_indicator("X1")
    make_scorecard(other, slug="secret", is_public=False)

    assert client.get(address(other, file)).status_code == 404


@pytest.mark.parametrize("file", FILES)
def test_head_is_answered_and_post_refused(client, waits, file):
    assert client.head(address(waits, file)).status_code == 200
    assert client.post(address(waits, file)).status_code == 405


def test_unknown_span_falls_back_and_says_so(client, waits):
    response = client.get(address(waits) + "?months=7")

    assert response.status_code == 200
    assert "“7” can’t be chosen: 25 months are shown." in text_of(response)


@pytest.mark.parametrize(("query", "count"), [("?months=13", 13), ("", 25), ("?months=x", 25), ("?months=all", 40)])
def test_span_chooses_the_months(client, draft, query, count):
    for back in range(2, 40):
        make_value(draft, add_months(JANUARY, -back), 10)
    publish_panel()

    assert len(chart_of(client, draft, query)["labels"]) == count
    assert len(rows_of(client, draft, query)) == count


# What it tells


def test_facts_are_shown(client, draft):
    draft.outcome, draft.owner, draft.reporter = (
        "Help in time.",
        make_user("ann", name="Ann"),
        make_user("ben", name=""),
    )
    draft.save()
    publish_panel()

    text = text_of(client.get(address(draft)))

    for said in ("Waiting times", "Days that families wait.", "Help in time.", "Owner Ann"):
        assert said in text
    assert "Lower is better: a fall is called better and a rise worse." in text
    assert "ben" not in text
    assert "100%" in text  # from 10 to 20


def test_nothing_later_than_the_month_is_shown(client, draft):
    make_value(draft, FEBRUARY, 8642)
    Commentary.objects.create(indicator=draft, month=FEBRUARY, text="Later words")
    Target.objects.create(indicator=draft, year=2021, value=555)
    Rebase.objects.create(indicator=draft, month=FEBRUARY, reason="Later reason")
    publish_panel()

    everything = "".join(client.get(address(draft, file)).content.decode() for file in FILES)

    assert not [later for later in ("8642", "8,642", "Later", "555", "Feb 2021", "2021-02") if later in everything]


def test_commentary_stands_with_its_month_if_that_month_is_published(client, draft):
    november = add_months(JANUARY, -2)
    make_value(draft, november, 8)
    for month, text in ((november, "Never published"), (DECEMBER, "Christmas"), (JANUARY, "Snow")):
        Commentary.objects.create(indicator=draft, month=month, text=text)
    publish_panel()

    text = text_of(client.get(address(draft)))

    assert "Commentary. Christmas" in text
    assert "Never published" not in text
    assert chart_of(client, draft)["readouts"][-1].endswith("Commentary: Snow")


def test_revision_after_publication_is_told_without_names_to_visitors(client, draft):
    publish_panel(DECEMBER)
    value = MonthlyValue.objects.get(month=DECEMBER)
    value._history_user, value.figure, value._change_reason = make_user("carl", name="Carl Smith"), 12, "Late forms"
    value.save()
    publish_panel(JANUARY)

    visitor = text_of(client.get(address(draft)))
    client.force_login(make_user("reader"))

    assert "December 2020: from 10 to 12, on" in visitor
    assert "Carl" not in visitor
    assert "Late forms" not in visitor
    assert "by Carl Smith. Late forms" in text_of(client.get(address(draft)))


def test_what_was_tried_before_publication_is_no_revision(db):
    indicator = make_indicator()
    value = make_value(indicator, JANUARY, 5)
    value.figure = 6
    value.save()
    publish(make_scorecard(indicator))

    assert page_of(indicator).revisions == ()


def test_revised_part_is_a_revision_of_what_is_derived(db):
    part = make_indicator("P1")
    value = make_value(part, JANUARY, 5)
    total = make_derived("T1", [part])
    publish(make_scorecard(total))
    value.figure = 6
    value.save()

    (revision,) = page_of(total).revisions
    assert (revision.reference, revision.before, revision.after) == ("P1", "5", "6")


def test_parts_and_what_is_derived_are_links(client, draft):
    share = make_derived("S1", [draft], [make_indicator("D1")], unit="percentage")
    outside = make_derived("OUTSIDE", [draft])
    Scorecard.objects.get().sections.get().lines.create(indicator=share)
    publish_panel()

    of_part, of_share = client.get(address(draft)), client.get(address(share))

    assert f'href="{address(share)}"' in of_part.content.decode()
    assert outside.reference not in text_of(of_part)
    assert f'href="{address(draft)}"' in of_share.content.decode()
    assert "Denominator D1 Title of D1" in text_of(of_share)


def test_part_without_a_line_of_its_own_has_a_page(client, draft):
    part = make_indicator("D1")
    make_value(part, JANUARY, 80)
    Scorecard.objects.get().sections.get().lines.create(indicator=make_derived("S1", [draft], [part]))
    publish_panel()

    response = client.get(address(part))

    assert response.status_code == 200
    assert "It has no line of its own in the report" in text_of(response)


def test_target_steps_with_its_financial_year(client, draft):
    make_value(draft, date(2020, 3, 1), 9)
    Target.objects.create(indicator=draft, year=2019, value=8)
    Target.objects.create(indicator=draft, year=2020, value=6, tolerance=1, note="Agreed in May")
    publish_panel()

    (target,) = [line["data"] for line in chart_of(client, draft)["datasets"] if line["label"] == "Target"]

    assert target == [8, *[6] * 10]
    assert "2020-21 6 (tolerance 1) Agreed in May" in text_of(client.get(address(draft)))


def test_comparator_on_another_basis_is_told_but_not_drawn(client, draft):
    for group, on_basis, value in (("england", "yes", 15), ("region", "no", 900)):
        Comparator.objects.create(
            indicator=draft, group=group, year=2019, value=value, on_basis=on_basis, source="DfE", basis="total / 12"
        )
    publish_panel()

    labels = [line["label"] for line in chart_of(client, draft)["datasets"]]
    text = text_of(client.get(address(draft)))

    assert "England" in labels
    assert "South East" not in labels
    assert "900" in text
    assert "DfE total / 12" in text


def test_rank_is_that_of_the_latest_year(client, draft):
    for year, own in ((2018, 1), (2019, 5)):
        for code, value in (("852", own), ("310", 4), ("311", 6)):
            PeerFigure.objects.create(
                indicator=draft, year=year, authority=code, name=code, value=value,
                is_own=code == "852", is_neighbour=code == "310",
            )  # fmt: skip
    publish_panel()

    text = text_of(client.get(address(draft)))

    assert "Statistical neighbours, 2019-20: highest of 2, in the worst quarter" in text
    assert "England, 2019-20: 2nd lowest of 3, in the second best quarter" in text


def test_rebase_is_marked_with_its_reason(client, draft):
    Rebase.objects.create(indicator=draft, month=JANUARY, reason="A new team.")
    publish_panel()

    assert chart_of(client, draft)["rebases"] == [1]
    assert "Worked out afresh from here [b]. A new team." in text_of(client.get(address(draft)))


def test_unusual_point_has_its_shape_colour_and_reason(client, draft):
    for back in range(2, 14):
        make_value(draft, add_months(JANUARY, -back), 10 + back % 2)
    MonthlyValue.objects.filter(month=JANUARY).delete()
    make_value(draft, JANUARY, 90)
    publish_panel()

    chart = chart_of(client, draft)

    assert chart["datasets"][0]["pointStyle"][-1] == "rect"
    assert chart["datasets"][0]["pointBackgroundColor"][-1] == "#9a3e00"
    assert chart["readouts"][-1] == "January 2021: 90. Concern: above the upper limit."
    assert rows_of(client, draft)[-1]["signal"] == "Concern"


def test_limits_of_four_figures_are_those_worked_by_hand(client, draft):
    """10, 14, 11, 13: a mean of 12, moving ranges of 4, 3 and 2, so limits of 12 -/+ 2.66 × 3."""
    MonthlyValue.objects.all().delete()
    make_values(draft, {add_months(JANUARY, place - 3): figure for place, figure in enumerate((10, 14, 11, 13))})
    publish_panel()

    last = rows_of(client, draft)[-1]

    assert (last["mean"], last["lower_limit"], last["upper_limit"]) == ("12", "4.02", "19.98")
    text = text_of(client.get(address(draft)))
    assert "4 to 20" in text
    assert "With fewer than 6 figures none can be called usual or unusual." in text
    assert "Usual variation" not in text.partition("How to read")[0]


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ([0, 0, 0, 3, 0, 0, 2, 0], "No limits are drawn, and no figure is called unusual. More than a quarter of"),
        ([5, 5, 5], "All figures are the same, so none can be unusual yet."),
        ([4, 5, 4, 4, 5, 4], "The counts are small and hardly vary, so what is usual follows from their average. This"),
        ([1, 0, 1, 0, 0, 1, 1], "the time between one case and the next is looked at. No limits"),
        ([1, 0, 1, 0, 0, 1], "There are fewer than 3 known times between one case and the next"),
    ],
    ids=["often 0", "all the same", "c-chart", "g-chart", "two gaps"],
)
def test_small_counts_get_the_sounder_chart_and_the_reason(client, draft, figures, said):
    MonthlyValue.objects.all().delete()
    make_values(draft, {add_months(JANUARY, -back): figure for back, figure in enumerate(reversed(figures))})
    publish_panel()

    assert said in text_of(client.get(address(draft)))


def test_g_chart_says_how_long_the_latest_gap_is(client, draft):
    """Gaps of 0, 0 and 1 have a mean of 1/3 and a limit of 7/3: three months without a case are unusual."""
    MonthlyValue.objects.all().delete()
    counts = (1, 1, 1, 0, 1, 0, 0, 0)
    make_values(draft, {add_months(JANUARY, place - 7): count for place, count in enumerate(counts)})
    publish_panel()

    text = text_of(client.get(address(draft)))

    assert "The latest gap between cases is 3 months; more than 2.3 is unusual. Improvement: longer" in text


def test_quarterly_indicator_has_a_point_a_quarter(client, draft):
    draft.frequency = "quarterly"
    draft.save()
    MonthlyValue.objects.all().delete()
    make_values(draft, {date(2020, 6, 1): 7, date(2020, 12, 1): 9})
    make_value(Indicator.objects.get(), JANUARY, blank="not_due")
    publish_panel()

    chart = chart_of(client, draft)

    assert chart["labels"] == ["Q1 2020-21", "Q2 2020-21", "Q3 2020-21"]
    assert chart["datasets"][0]["data"] == [7, None, 9]


def test_limits_rest_on_25_months_as_in_the_report_or_on_all(client, draft):
    """Twenty-five months have a mean of (13 × 20 + 12 × 10) / 25; the 1,000 is older."""
    MonthlyValue.objects.all().delete()
    make_values(draft, {add_months(JANUARY, -back): 10 if back % 2 else 20 for back in range(25)})
    make_value(draft, add_months(JANUARY, -25), 1000)
    publish_panel()

    means = {query: rows_of(client, draft, f"?months={query}")[-1]["mean"] for query in ("13", "25", "all")}

    assert means["13"] == means["25"] == "15.2"
    assert Fraction(means["all"]) == pytest.approx(Fraction(1380, 26), abs=1e-12)


def test_indicator_without_figures_says_so(client, db):
    indicator, other = make_indicator("N1"), make_indicator("O1")
    make_value(other, JANUARY, 1)
    publish(make_scorecard(indicator, other, is_public=True))

    response = client.get(address(indicator))

    assert response.status_code == 200
    assert "There are no figures to draw for these months." in text_of(response)
    assert "There are fewer than two figures in the months looked at." in text_of(response)
    assert chart_of(client, indicator)["datasets"][0]["data"] == [None]


def test_whatever_people_wrote_is_escaped(client, draft):
    draft.reference, draft.title, draft.definition, draft.note = "W<b>", SCRIPT, SCRIPT, SCRIPT
    draft.save()
    ComparatorGroup.objects.filter(code="region").update(name=SCRIPT, short_name=SCRIPT[:30], explanation=SCRIPT)
    Commentary.objects.create(indicator=draft, month=JANUARY, text=SCRIPT)
    Rebase.objects.create(indicator=draft, month=JANUARY, reason=SCRIPT)
    Comparator.objects.create(
        indicator=draft, group="region", year=2019, value=9, on_basis="yes", source=SCRIPT, basis=SCRIPT
    )
    publish_panel()

    html = client.get(address(draft) + f"?months={SCRIPT}").content.decode()

    assert "<script>alert" not in html
    assert "<b>" not in html.replace("<b>Commentary", "").replace("<b>Worked", "").replace("<b>Note", "")


def test_formulas_are_neutralised(client, draft):
    MonthlyValue.objects.filter(month=JANUARY).delete()
    make_value(draft, JANUARY, 3, note="=HYPERLINK(1)")
    Commentary.objects.create(indicator=draft, month=JANUARY, text="-1+2")
    publish_panel()

    last = rows_of(client, draft)[-1]

    assert (last["note"], last["commentary"]) == ("'=HYPERLINK(1)", "'-1+2")


def test_csv_has_figure_exact_value_parts_and_stage(client, db):
    share = make_indicator("S1", unit="percentage", kind="ratio")
    make_value(share, JANUARY, numerator=5, denominator=14, stage="provisional")
    publish(make_scorecard(share, is_public=True))

    (row,) = rows_of(client, share)

    assert row["month"] == "2021-01"
    assert row["figure"] == "36%"
    assert Fraction(row["value"]) == pytest.approx(Fraction(500, 14), abs=1e-12)
    assert (row["numerator"], row["denominator"], row["stage"]) == ("5", "14", "provisional")


def test_chart_data_has_only_what_json_knows(client, waits):
    response = client.get(address(waits, "chart.json"))

    assert response["Content-Type"] == "application/json"
    data = json.loads(response.content)
    assert "view" not in data
    assert data["datasets"][0]["data"] == [10.0, 20.0]
    assert data["labels"] == ["Dec 2020", "Jan 2021"]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("is_published", [False, True], ids=["as the data stand", "as published"])
def test_number_of_queries_depends_neither_on_months_nor_on_lines(client, draft, file, is_published):
    client.force_login(make_officer())
    section = Scorecard.objects.get().sections.get()

    def queries_with(month):
        if is_published:
            publish_panel(month)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(draft, file, month_text(month)) + "?months=all").status_code == 200
        return len(captured)

    # Of a count with a signal the other lines are asked whether it only follows: another fixed number, tested below.
    Indicator.objects.update(polarity="neutral")
    few = queries_with(DECEMBER)
    for place in range(40):
        make_value(draft, add_months(DECEMBER, -1 - place), place)
        other = make_indicator(f"L{place}")
        make_value(other, JANUARY, place)
        section.lines.create(indicator=other)
        section.lines.create(indicator=make_derived(f"D{place}", [draft, other]))
        Commentary.objects.create(indicator=draft, month=add_months(JANUARY, -place), text="x")

    assert queries_with(JANUARY) <= few + 1  # one more for the sources of derived lines, whatever their number


def test_number_of_queries_for_a_count_that_may_only_follow_does_not_depend_on_lines(client, draft):
    client.force_login(make_officer())
    MonthlyValue.objects.all().delete()
    make_values(draft, {add_months(JANUARY, -back): 10 + back % 2 for back in range(1, 13)} | {JANUARY: 60})
    Indicator.objects.update(polarity="high")
    section = Scorecard.objects.get().sections.get()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert "Improvement: higher than usual" in text_of(client.get(address(draft)))
        return len(captured)

    section.lines.create(indicator=make_derived("D", [draft, make_indicator("L")]))
    few = queries()
    for place in range(20):
        other = make_indicator(f"L{place}")
        section.lines.create(indicator=make_derived(f"D{place}", [draft, other]))

    assert queries() == few


# What else the report has on it


def test_page_leads_on_to_the_lines_before_and_after_it(client, db):
    first, second, third = (make_indicator(reference) for reference in ("A1", "B2", "C3"))
    for one in (first, second, third):
        make_value(one, JANUARY, 5)
    publish(make_scorecard(first, second, third, is_public=True))

    def links(indicator):
        html = client.get(address(indicator)).content.decode()
        found = {way: re.search(rf'rel="{way}" href="([^"]+)"', html) for way in ("prev", "next")}
        return {way: one[1] for way, one in found.items() if one}

    assert links(first) == {"next": address(second)}
    assert links(second) == {"prev": address(first), "next": address(third)}
    assert links(third) == {"prev": address(second)}


@pytest.mark.parametrize("is_published", [False, True], ids=["while figures are collected", "as published"])
def test_page_has_the_areas_of_focus_and_questions_that_are_about_it(client, draft, is_published):
    scorecard = Scorecard.objects.get(slug="panel")
    for title in ("Long waits", "Another thing"):
        scorecard.areas_of_focus.add(AreaOfFocus.objects.create(title=title, opened_on=JANUARY, raised_by="panel"))
    AreaOfFocus.objects.get(title="Long waits").indicators.add(draft)
    if is_published:
        publish_panel()
    else:
        client.force_login(make_officer())
    html = client.get(address(draft)).content.decode()
    assert "Long waits" in html
    assert "Another thing" not in html
    # And the chart, drawn or live, marks it.
    assert "1 January 2021: Area of focus: Long waits" in html
    assert chart_of(client, draft)["marks"] == [[1, "1"]]
    assert 'href="/scorecards/panel/2021-01/?words=W1#lines"' in html


@pytest.mark.parametrize(
    ("value", "lower", "upper", "printed"),
    [
        ("18.5", "19.2", "29", "19.2% to 29%"),
        ("18.96", "19.04", "29", "19.04% to 29%"),
        ("25", "19.2", "29", "19% to 29%"),
        ("19", "19", "29", "19% to 29%"),
        ("29.3", "19.2", "28.9", "19% to 28.9%"),
        ("25", None, "29.4", "none to 29%"),
    ],
)
def test_limit_that_would_print_like_the_figure_has_decimals(value, lower, upper, printed):
    """Otherwise 19% would be called unusually low beside limits of 19% to 29%."""
    lines = Lines(Fraction(24), lower and Fraction(lower), Fraction(upper))
    assert lines.limits_text(make_measure(unit=Unit.PERCENTAGE), Fraction(value)) == printed
