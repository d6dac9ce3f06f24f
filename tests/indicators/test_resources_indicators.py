"""Importing indicators."""

from datetime import date
from pathlib import Path

import pytest

from indicators.models import DerivationTerm, Indicator, MonthlyValue
from tests.factories import make_derived, make_indicator, make_user, make_value
from tests.indicators.importing import import_file, preview, problems

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "children_and_families"
JANUARY = date(2021, 1, 1)


@pytest.fixture
def contacts():
    return make_indicator("M1")


def test_an_indicator_may_name_parts_of_later_rows(admin_client):
    make_user("mash.lead")
    content = (
        "reference,title,unit,kind,polarity,reporter,numerators,denominators,active_from,allows_over_100\n"
        "M3,Share,percentage,derived,Low is good,mash.lead,M2 + M2b,m1,2020-04,no\n"
        "M1,Contacts,count,figure,neutral,,,,,\nM2,Referrals,count,figure,low,,,,,\nM2b,More,count,figure,low,,,,,\n"
    )

    import_file(admin_client, Indicator, content)

    share = Indicator.objects.get(reference="M3")
    assert (share.reporter.username, share.polarity, share.active_from) == ("mash.lead", "low", date(2020, 4, 1))
    terms = {(term.role, term.source.reference) for term in share.terms.all()}
    assert terms == {("numerator", "M2"), ("numerator", "M2b"), ("denominator", "M1")}
    assert "Import of" in DerivationTerm.history.first().history_change_reason
    assert "changes nothing" in preview(admin_client, Indicator, content).content.decode()


def test_parts_that_a_file_no_longer_names_are_removed(admin_client):
    derived = make_derived("M3", [make_indicator("M1"), make_indicator("M2")])

    import_file(admin_client, Indicator, "reference,numerators\nM3,M2\n")

    assert [term.source.reference for term in derived.terms.all()] == ["M2"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("reference,numerators\nM3,ZZ", (2, "numerators", "There is no indicator “ZZ”.")),
        ("reference,numerators\nM3,M3", (2, "numerators", "M3: An indicator can't be worked out from itself.")),
        ("reference,numerators\nM2,M1", (2, "numerators", "M1: Only a derived indicator has parts")),
        ("reference,numerators,kind,title\nM2,M3,derived,x", (2, "numerators", "M3: M3 is itself worked out from M2")),
        ("reference,owner\nM3,nobody", (2, "owner", "There is no person “nobody”")),
        ("reference,unit\nM3,", (2, "unit", "It is empty: write one of count,")),
        ("reference,polarity\nM3,sideways", (2, "polarity", "“sideways” is not known: write one of high,")),
        ("reference,allows_over_100\nM3,perhaps", (2, "allows_over_100", "“perhaps” is neither yes nor no")),
        ("reference,decimal_places\nM3,9", (2, "", "At most 4 decimal places")),
        ("reference,decimal_places\nM3,0.5", (2, "decimal_places", "“0.5” is not a whole number")),
        ("reference,decimal_places\nM3,-1", (2, "decimal_places", "greater than or equal to 0")),
        ("reference,population\nM3,Cats", (2, "population", "There is no population group “Cats”")),
        ("reference,unit\nNEW,count", (2, "title", "This field cannot be blank.")),
        ("reference,kind\nM1,derived", (2, "kind", "Figures have been entered")),
        (f"reference,title\n{'R' * 99},x", (2, "reference", "at most 30 characters")),
    ],
)
def test_what_is_wrong_with_an_indicator_is_named(admin_client, content, problem):
    contacts, referrals = make_indicator("M1"), make_indicator("M2")
    make_value(contacts, JANUARY, 5)
    make_derived("M3", [referrals])

    found = problems(admin_client, Indicator, content)

    assert found[0][:2] == problem[:2]
    assert problem[2] in found[0][2]


@pytest.mark.parametrize(
    "typed",
    [
        "siobhan.obrien",
        "Siobhán O’Brien",
        "siobhan o'brien",
        "O'Brien, Siobhan",
        "SIOBHAN  O\u00b4BRIEN",
        "s.o'brien@x.uk",
    ],
)
def test_a_person_is_taken_by_name_as_well_as_by_user_name(admin_client, typed):
    person = make_user("siobhan.obrien", name="Siobhán O’Brien", email="s.o'brien@x.uk")
    indicator = make_indicator("M1")

    import_file(admin_client, Indicator, f'reference,owner\nM1,"{typed}"\n')

    indicator.refresh_from_db()
    assert indicator.owner == person


def test_several_of_one_name_are_told_apart_by_their_user_names(admin_client):
    make_user("jo.smith2", name="Jo Smith")
    make_user("jo.smith", name="Jo Smith")
    make_user("Jo Other", name="Somebody else")
    make_user("somebody", name="Jo Other")
    make_indicator("M1")

    [(_, column, message)] = problems(admin_client, Indicator, "reference,owner,reporter\nM1,jo smith,Jo Other\n")

    assert (column, message) == ("owner", "“jo smith” may be any of jo.smith, jo.smith2: write which.")


def test_a_user_name_goes_before_somebody_elses_name(admin_client):
    make_user("somebody", name="jo.smith")
    jo = make_user("jo.smith", name="Jo Smith")
    indicator = make_indicator("M1")

    import_file(admin_client, Indicator, "reference,owner\nM1,Jo.Smith\n")

    indicator.refresh_from_db()
    assert indicator.owner == jo


def test_a_reference_is_found_as_word_writes_it(admin_client):
    indicator = make_indicator("CP3-QL")

    import_file(admin_client, MonthlyValue, "reference,month,figure\nCP3\u2013QL\u00a0,2021-01,5\n")

    assert indicator.values.get().figure == 5


def test_a_row_of_totals_is_recognised(admin_client):
    make_indicator("M1")

    [(row, _, message)] = problems(admin_client, MonthlyValue, "reference,month,figure\nM1,2021-01,5\nTotal,,5\n")[:1]

    assert (row, message) == (3, "There is no indicator “Total”: delete this row if it has totals.")


@pytest.mark.parametrize("typed", ["CP5\u2011QL", "cp5\u2013ql", "CP5-QL\u00a0", "CP5\u00ad-QL"])
def test_an_indicator_is_found_as_word_writes_its_reference(admin_client, typed):
    """Otherwise a second one would be added that looks the same."""
    make_indicator("CP5-QL")
    make_derived("M3", [make_indicator("M2")])

    import_file(admin_client, Indicator, f"reference,title,numerators\n{typed},New title,\nM3,Share,M2 + {typed}\n")

    assert sorted(Indicator.objects.values_list("reference", "title")) == [
        ("CP5-QL", "New title"),
        ("M2", Indicator.objects.get(reference="M2").title),
        ("M3", "Share"),
    ]
    assert {term.source.reference for term in DerivationTerm.objects.all()} == {"M2", "CP5-QL"}


def test_of_two_references_that_are_alike_the_one_that_is_typed_is_meant(admin_client):
    for reference in ("É1", "E1"):
        make_indicator(reference)

    import_file(admin_client, Indicator, "reference,note\né1,Accent\ne1,None\n")

    assert sorted(Indicator.objects.values_list("reference", "note")) == [("E1", "None"), ("É1", "Accent")]
