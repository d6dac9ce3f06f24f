"""Other authorities' figures in the database, and what comparing and saving costs."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from indicators.actions import save_open_data
from indicators.calculations.vocabulary import GroupKind
from indicators.models import Comparator, Indicator, PeerFigure
from indicators.open_data import load_mapping, read_findings
from indicators.open_data_changes import compare_with_stored, indicators_of
from tests.factories import make_indicator, make_user
from tests.indicators.open_data.files import (
    DEMONSTRATION,
    EXTRACT,
    authority,
    england,
    neighbours,
    own,
    region,
    write_mapping,
    write_neighbours,
    write_tidy,
)

pytestmark = pytest.mark.django_db
ROWS = [england(120), region(30), own(24), *neighbours([1, 2, 3, 4, 5, 6, 7, 8, 9, 15])]
ENTRY = '[[comparator]]\nindicator = "{}"\nfile = "referrals"\ncolumn = "count"\nbasis = "as is"\non_basis = "yes"\n'


@pytest.fixture
def boss():
    return make_user("boss", is_superuser=True)


@pytest.fixture
def folder(tmp_path):
    make_indicator("M2", scope="national", polarity="low")
    write_mapping(tmp_path)
    write_neighbours(tmp_path)
    return tmp_path


def changes_of(folder, *rows, data=None):
    if rows:
        write_tidy(folder, *rows)
    mapping = load_mapping(folder if folder.is_file() else folder / "comparators.toml")
    indicators = indicators_of(mapping)
    findings = read_findings(mapping, data or folder, mapping.years)
    return compare_with_stored(findings, indicators)


def peers():
    return {
        peer.authority: (peer.value, peer.blank, peer.is_own, peer.is_neighbour, peer.is_in_region)
        for peer in PeerFigure.objects.all()
    }


def test_import_replaces_what_was_typed_with_its_rule(folder, boss):
    indicator = Indicator.objects.get()
    Comparator.objects.create(
        indicator=indicator, group="england", year=2019, value=25, published="300", period="year", rule="/ 12"
    )
    changes = changes_of(folder, *ROWS)
    [change] = [one for one in changes.comparators if one.row.group_id == "england"]
    told = {name: (old, new) for name, old, new in change.fields}
    assert told["figure as published"] == ("“300”", "nothing")
    assert told["time it is of"] == ("A whole year: a total, or a rate of what happened in it", "nothing")
    assert told["rule that puts it on the indicator’s basis"] == ("“/ 12”", "nothing")
    save_open_data(changes=changes, by=boss)
    row = Comparator.objects.get(group="england")
    assert (row.published, row.period, row.rule) == ("", "", "")
    assert changes_of(folder).is_empty


# Figures of other authorities


def test_every_authority_is_kept_with_its_groups(folder, boss):
    save_open_data(changes=changes_of(folder, *ROWS, authority("942", "c")), by=boss)
    kept = peers()
    assert len(kept) == 12
    assert kept["852"] == (24, "", True, False, True)
    assert kept["310"] == (15, "", False, True, False)
    assert kept["942"] == (None, "suppressed", False, False, False)


def test_only_rows_that_differ_are_written(folder, boss):
    save_open_data(changes=changes_of(folder, *ROWS), by=boss)
    changes = changes_of(folder, *ROWS[:-1], authority("310", 16))
    assert [row.authority for row in changes.peers] == ["310"]
    save_open_data(changes=changes, by=boss)
    assert set(PeerFigure.objects.values_list("authority", "version")) >= {("310", 2), ("309", 1)}


def test_another_list_of_neighbours_changes_who_is_one(folder, boss):
    save_open_data(changes=changes_of(folder, *ROWS, authority("942", 1)), by=boss)
    write_neighbours(folder, *[str(code) for code in range(301, 310)], "942")
    save_open_data(changes=changes_of(folder), by=boss)
    assert (peers()["310"][3], peers()["942"][3]) == (False, True)


def test_authority_that_left_the_file_is_no_longer_ranked(folder, boss):
    save_open_data(changes=changes_of(folder, *ROWS, authority("942", 1)), by=boss)
    save_open_data(changes=changes_of(folder, *ROWS), by=boss)
    assert peers()["942"] == (None, "not_applicable", False, False, False)
    assert changes_of(folder).is_empty


def test_council_may_become_another_authority(folder, boss):
    save_open_data(changes=changes_of(folder, *ROWS), by=boss)
    write_mapping(folder, ('authority = "852"', 'authority = "301"'))
    write_neighbours(folder, "852", *[str(code) for code in range(302, 311)], own="301")
    save_open_data(changes=changes_of(folder), by=boss)
    assert [code for code, peer in peers().items() if peer[2]] == ["301"]


def test_file_without_authorities_leaves_the_stored_ones(folder, boss):
    save_open_data(changes=changes_of(folder, *ROWS), by=boss)
    assert changes_of(folder, *ROWS[:2]).peers == ()


# Where the council stands


def test_standings_follow_the_polarity(folder, boss):
    save_open_data(changes=changes_of(folder, *ROWS[:2], own(4), *ROWS[3:]), by=boss)
    [found] = PeerFigure.objects.all().standings().values()
    # 4 among 1, 2, 3, 4, 5, 6, 7, 8, 9 and 15, low is good.
    assert str(found[GroupKind.STATISTICAL_NEIGHBOURS]) == "joint 4th lowest of 11, in the second best quarter"
    assert found[GroupKind.REGION] is None


def test_standings_pass_over_what_is_not_applicable_and_count_what_is_missing(folder, boss):
    save_open_data(changes=changes_of(folder, *ROWS, authority("942", "z"), authority("943", "x")), by=boss)
    [found] = PeerFigure.objects.all().standings().values()
    assert (found[GroupKind.ENGLAND].of, found[GroupKind.ENGLAND].missing) == (11, 1)


def test_standings_close_to_target_need_the_target(folder, boss):
    Indicator.objects.update(polarity="target")
    save_open_data(changes=changes_of(folder, *ROWS[:2], own(4), *ROWS[3:]), by=boss)
    key = Indicator.objects.get().pk, 2019
    by_target = PeerFigure.objects.all().standings({key: 5})[key][GroupKind.ENGLAND]
    in_order = PeerFigure.objects.all().standings()[key][GroupKind.ENGLAND]
    # Nearest to 5 are 5, then 4, 4 and 6; highest are 15, 9, 8, 7, 6, 5.
    assert (by_target.rank, by_target.shared_with, by_target.best_first) == (2, 2, True)
    assert (in_order.rank, in_order.shared_with, in_order.best_first) == (7, 1, False)


def test_standings_of_southampton_in_the_year_to_march_2020(boss):
    for entry in load_mapping(DEMONSTRATION).entries:
        unit = "percentage" if entry.terms.plus[0].endswith("percent") else "count"
        make_indicator(entry.reference, scope="national", polarity="low", unit=unit)
    save_open_data(changes=changes_of(DEMONSTRATION, data=EXTRACT), by=boss)
    indicator = Indicator.objects.get(reference="M6-QL")
    found = PeerFigure.objects.filter(year=2019).standings()[indicator.pk, 2019]
    # 22.9% of Southampton beside 23.7, 27.6, 30.9, 24.4, 19.5, 29.4, 24.6, 33.2, 21.3 and 20.3% of its neighbours; the
    # file has no figure for Dorset, for Bournemouth, Christchurch and Poole, and for the Isles of Scilly.
    assert str(found[GroupKind.STATISTICAL_NEIGHBOURS]) == "4th lowest of 11, in the second best quarter"
    assert (found[GroupKind.ENGLAND].of, found[GroupKind.ENGLAND].missing) == (148, 3)


# Saving


def test_saving_needs_permission(folder):
    with pytest.raises(PermissionDenied):
        save_open_data(changes=changes_of(folder, *ROWS), by=make_user("somebody"))


def test_row_that_somebody_else_added_meanwhile_leaves_everything_as_it_was(folder, boss):
    changes = changes_of(folder, *ROWS)
    Comparator.objects.create(indicator=Indicator.objects.get(), group="region", year=2019, value=7)
    with pytest.raises(IntegrityError):
        save_open_data(changes=changes, by=boss)
    assert [row.value for row in Comparator.objects.all()] == [7]
    assert not PeerFigure.objects.exists()


# How many queries


def entries(folder, *references):
    for reference in references:
        make_indicator(reference, scope="national")
    write_mapping(folder, more="".join(ENTRY.format(reference) for reference in references))


def test_queries_do_not_grow_with_indicators(folder, boss, django_assert_max_num_queries):
    save_open_data(changes=changes_of(folder, *ROWS), by=boss)
    entries(folder, "A0")
    with django_assert_max_num_queries(30) as few:
        save_open_data(changes=changes_of(folder), by=boss)
    # About as many rows as SQLite takes in one statement.
    entries(folder, *[f"B{number}" for number in range(5)])
    with django_assert_max_num_queries(len(few)):
        save_open_data(changes=changes_of(folder), by=boss)


def test_queries_of_a_second_import_do_not_grow_with_what_is_stored(folder, boss, django_assert_max_num_queries):
    save_open_data(changes=changes_of(folder, *ROWS), by=boss)
    with django_assert_max_num_queries(6) as few:
        assert changes_of(folder).is_empty
    entries(folder, *[f"A{number}" for number in range(40)])
    save_open_data(changes=changes_of(folder), by=boss)
    with django_assert_max_num_queries(len(few)):
        assert changes_of(folder).is_empty


def test_standings_of_many_indicators_take_one_query(folder, boss, django_assert_num_queries):
    entries(folder, *[f"A{number}" for number in range(40)])
    save_open_data(changes=changes_of(folder, *ROWS), by=boss)
    with django_assert_num_queries(1):
        assert len(PeerFigure.objects.filter(year=2019).standings()) == 41
