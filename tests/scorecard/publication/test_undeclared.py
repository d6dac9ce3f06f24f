"""Relations that hold in the stored figures are offered before publishing; an officer says if readers know them."""

import pytest
from django.utils import timezone

from indicators.calculations.months import add_months
from indicators.models import CrossCheck
from scorecard.disclosure import relations_of, undeclared_relations
from scorecard.disclosure.undeclared import decide
from scorecard.models import Edition, PublishedDocument, Scorecard
from scorecard.publication.document import FrozenReport
from scorecard.publication.publish import freeze_published
from tests.factories import (
    JANUARY,
    make_edition,
    make_indicator,
    make_officer,
    make_scorecard,
    make_user,
    make_values,
    publish,
)

pytestmark = pytest.mark.django_db
PUBLISH = "/collection/panel/2021-01/publish/"
DECIDE = "/collection/panel/2021-01/relations/"
MONTHS = [add_months(JANUARY, -back) for back in (3, 2, 1, 0)]


@pytest.fixture
def lines(db):
    """The figures of one are those of two others together, and nobody said so."""
    lines = [make_indicator(name) for name in ("A1", "B1", "T1")]
    for line, figures in zip(lines, ((11, 7, 20, 3), (30, 41, 33, 57), (41, 48, 53, 60)), strict=True):
        make_values(line, dict(zip(MONTHS, figures, strict=True)))
    make_edition(make_scorecard(*lines, is_public=True, suppresses_small_counts=True), state="in_review")
    return lines


@pytest.mark.sqlite
def test_totals_of_months_stocks_and_shares_are_offered_with_the_titles_of_their_lines(db):
    """Rolling twelve months, the year so far, a quarter of three months, stock and flow, and shares of one whole."""
    months = [add_months(JANUARY, -back) for back in range(23, -1, -1)]
    came = [7, 12, 40, 22, 9, 18, 3, 27, 11, 36, 14, 8, 31, 25, 16, 29, 5, 19, 33, 10, 44, 2, 21, 13]
    went = [5, 19, 2, 8, 13, 6, 21, 4, 17, 10, 1, 23, 3, 12, 7, 15, 9, 26, 20, 11, 14, 28, 16, 30]
    lines = {name: make_indicator(name, title=f"Title of {name}") for name in ("IN", "OUT", "R12", "YTD", "HELD")}
    lines["QTR"] = make_indicator("QTR", title="Title of QTR", frequency="quarterly")
    lines |= {name: make_indicator(name, title=f"Title of {name}", unit="percentage") for name in ("P1", "P2")}
    held = 200
    for place, month in enumerate(months):
        held += came[place] - went[place]
        begin = max(one for one in (0, 2, 14) if one <= place)
        figures = {"IN": came[place], "OUT": went[place], "HELD": held, "YTD": sum(came[begin : place + 1])}
        figures |= {"P1": came[place], "P2": 100 - came[place]}
        if place >= 11:
            figures["R12"] = sum(came[place - 11 : place + 1])
        if month.month % 3 == 0:
            figures["QTR"] = sum(came[place - 2 : place + 1])
        for name, figure in figures.items():
            # The year of the first two months began before them.
            if name != "YTD" or place >= 2:
                make_values(lines[name], {month: figure})
    offered = {one.words: [title for _, title in one.lines] for one in undeclared_relations()}
    assert offered == {
        "HELD = HELD the period before + IN − OUT": ["Title of HELD", "Title of IN", "Title of OUT"],
        "R12 = IN, 12 months added up": ["Title of R12", "Title of IN"],
        "YTD = IN, the year so far added up": ["Title of YTD", "Title of IN"],
        "QTR = IN, 3 months added up": ["Title of QTR", "Title of IN"],
        "P1 + P2 = 100%": ["Title of P1", "Title of P2"],
    }


@pytest.mark.sqlite
def test_line_of_which_the_total_so_far_is_entered_is_compared_by_what_each_month_had(db):
    months = [add_months(JANUARY, place - 9) for place in range(4)]
    lines = {"A1": (11, 7, 20, 13), "B1": (30, 41, 33, 57)}
    for name, figures in lines.items():
        make_values(make_indicator(name), dict(zip(months, figures, strict=True)))
    # 41, 48, 53 and 70 since April.
    total = make_indicator("T1", accumulation="to_date")
    make_values(total, dict(zip(months, (41, 89, 142, 212), strict=True)))
    assert [one.words for one in undeclared_relations()] == ["T1 = A1 + B1"]


def answer(client, said="", **given):
    relation = f"{said} {undeclared_relations()[0].code}"
    return client.post(DECIDE, {"relation": relation, **given}, follow=True).content.decode()


def test_relation_that_was_found_is_offered_and_hides_more_once_readers_know_it(client, lines):
    client.force_login(make_officer())
    page = client.get(PUBLISH).content.decode()
    assert "T1 = A1 + B1" in page
    assert '<b class="reference">T1</b> Title of T1; <b class="reference">A1</b> Title of A1' in page
    assert "1 small, 0 that would give them away" in page
    page = answer(client, "known")
    assert "T1 = A1 + B1: counts as known to readers" in page
    assert "Do readers know these relations?" not in page
    assert "1 small, 1 that would give them away" in page
    check = CrossCheck.objects.get()
    assert (check.indicator, check.kind, check.is_active) == (lines[2], "parts", False)
    assert [term.indicator for term in check.terms.all()] == lines[:2]
    assert check.history.get().history_user is not None


@pytest.mark.sqlite
def test_relation_that_is_chance_is_not_offered_again_and_hides_nothing(client, lines):
    client.force_login(make_officer())
    page = answer(client, "unknown")
    assert "T1 = A1 + B1: counts as unknown to readers" in page
    assert "1 small, 0 that would give them away" in page
    assert (undeclared_relations(), relations_of().checks) == ([], ())


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "given", [{"relation": "known parts-1"}, {"said": "perhaps"}, {"relation": ""}, {"relation": "known"}]
)
def test_what_was_not_offered_is_not_kept(client, lines, given):
    client.force_login(make_officer())
    assert "Nothing was kept" in answer(client, **given)
    assert not CrossCheck.objects.exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("state", ["in_review", "published"])
def test_what_was_typed_beside_a_relation_is_there_again_once(client, lines, state):
    Scorecard.objects.update(panel_reads_unsuppressed=True)
    if state == "published":
        Edition.objects.update(state=state)
        freeze_published(Scorecard.objects.get(), timezone.now())
        late = lines[0].values.get(month=JANUARY)
        late.figure = 4
        late.save()
    client.force_login(make_officer())
    typed = {"reason": "A figure came late.", "kind": "correction", "shown_because": "Printed before."}
    code = "known parts-1"
    form = client.post(DECIDE, {**typed, "relation": code}, follow=True).context["form"]
    shown = {name: form[name].value() for name in typed if name in form.fields}
    assert shown == {name: typed[name] for name in shown}
    assert ("reason" in shown) is (state == "published")
    page = client.get(PUBLISH if state == "in_review" else PUBLISH.replace("publish", "revise"))
    assert page.context["form"].initial == {}


@pytest.mark.sqlite
def test_rolling_total_that_readers_know_gives_no_month_away_over_three_editions(db):
    """Between two rolling totals lie a month and the one a year before: with one of these the other is known."""
    months = [add_months(JANUARY, -back) for back in range(25, -1, -1)]
    own = [17, 12, 40, 22, 9, 18, 13, 27, 11, 36, 14, 8, 31, 25, 16, 29, 15, 19, 33, 10, 44, 12, 21, 13, 4, 26]
    line, rolling = make_indicator("IN"), make_indicator("R12")
    make_values(line, dict(zip(months, own, strict=True)))
    make_values(rolling, {months[place]: sum(own[place - 11 : place + 1]) for place in range(11, 26)})
    [found] = undeclared_relations()
    assert found.words == "R12 = IN, 12 months added up"
    decide(found, is_known=True)
    scorecard = make_scorecard(line, rolling, is_public=True, suppresses_small_counts=True)
    publish(scorecard, *months[-3:])
    shown = set()
    for document in PublishedDocument.objects.filter(audience="public"):
        for page in FrozenReport(document.body).pages.longest.values():
            shown |= {(page.key, point.month) for point in page.points if point.figure.value is not None}
    small, year_before = months[-2], months[-14]
    assert (line.pk, small) not in shown
    assert not {(rolling.pk, small), (rolling.pk, months[-3]), (line.pk, year_before)} <= shown
    # All twelve months of one total but the small one.
    for place in (-2, -1):
        twelve = {(line.pk, month) for month in months[place - 11 : place + 1 or None]} - {(line.pk, small)}
        assert not {(rolling.pk, months[place])} | twelve <= shown


@pytest.mark.sqlite
def test_only_officers_decide(client, lines):
    client.force_login(make_user("reader"))
    assert client.post(DECIDE, {"relation": f"known {undeclared_relations()[0].code}"}).status_code == 403
    assert not CrossCheck.objects.exists()


@pytest.mark.sqlite
def test_as_many_queries_however_many_relations(lines, django_assert_num_queries):
    with django_assert_num_queries(5):
        undeclared_relations()


def test_settings_page_offers_them_where_hiding_is_switched_on_and_keeps_what_was_typed(client, lines):
    Scorecard.objects.update(is_public=False)
    client.force_login(make_officer())
    url = "/scorecards/panel/public/"
    page = client.get(url)
    typed = {**page.context["form"].initial, "is_public": "yes", "because": "The cabinet wants it."}
    page = client.post(url, typed)
    assert "T1 = A1 + B1" in page.content.decode()
    code = undeclared_relations()[0].code
    page = client.post(url, {**typed, "fingerprint": page.context["form"].question, "relation": f"known {code}"})
    told = page.content.decode()
    assert "T1 = A1 + B1: counts as known to readers" in told
    assert "Do readers know these relations?" not in told
    assert (page.context["form"]["is_public"].value(), page.context["form"]["because"].value()) == (
        "yes",
        "The cabinet wants it.",
    )
    assert not Scorecard.objects.get().is_public
    assert CrossCheck.objects.get().is_known_to_readers
    client.post(url, {**typed, "fingerprint": page.context["form"].question, "looked": "on"})
    assert Scorecard.objects.get().is_public
