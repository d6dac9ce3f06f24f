"""The import_comparators command: shows first, saves only when told to, all or nothing."""

import io
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from indicators.models import Comparator, Indicator, PeerFigure
from scorecard.roles import PERFORMANCE_OFFICERS
from tests.factories import make_indicator, make_scorecard, make_user, publish
from tests.indicators.open_data.files import (
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
NOT_SAVED = "Nothing has been saved. To save this, run the command again with --save --by YOUR-USER-NAME.\n"


@pytest.fixture
def referrals():
    return make_indicator("M2", scope="national", polarity="high")


@pytest.fixture
def officer():
    person = make_user("officer", name="Nia Officer")
    person.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    return person


@pytest.fixture
def folder(tmp_path):
    write_mapping(tmp_path)
    write_tidy(tmp_path, *ROWS)
    write_neighbours(tmp_path)
    return tmp_path


def run(folder, **options):
    out = io.StringIO()
    call_command("import_comparators", folder / "comparators.toml", stdout=out, **options)
    return out.getvalue()


def save(folder, **options):
    return run(folder, save=True, by="officer", **options)


def message(folder, **options):
    with pytest.raises(CommandError) as error:
        run(folder, **options)
    return str(error.value)


def stored():
    """Every row and every entry of the history that an import could write."""
    return [
        list(rows.order_by("pk").values_list())
        for model in (Comparator, PeerFigure)
        for rows in (model.objects, model.history)
    ]


# Looking


def test_without_save_nothing_is_written(referrals, folder):
    before = stored()
    text = run(folder)
    assert text.endswith(NOT_SAVED)
    assert stored() == before


def test_new_comparator_is_shown_whole(referrals, folder):
    assert (
        "M2: England, 2019-20: new\n"
        "  figure: 120\n"
        "  source: “DfE, referrals”\n"
        "  basis: “England, as published (120)”\n"
        "  same basis as the indicator: Same basis as the indicator\n"
    ) in run(folder)


def test_counts_and_standings_are_shown(referrals, folder):
    text = run(folder)
    assert "Comparators: 3 new, 0 changed, 0 unchanged.\n" in text
    assert "Figures of other authorities: 11 new, 0 changed, of 11 in the files.\n" in text
    assert (
        "  M2, 2019-20, Statistical neighbours: highest of 11, in the best quarter; numbers are not adjusted for size\n"
        in text
    )


def test_rates_and_percentages_are_ranked_without_a_caution(folder):
    make_indicator("M2", scope="national", polarity="high", unit="percentage")
    assert "  M2, 2019-20, Statistical neighbours: highest of 11, in the best quarter\n" in run(folder)


def test_what_was_left_out_is_shown(referrals, folder):
    write_tidy(folder, england("c"), *ROWS[1:])
    assert (
        "Left out, and what to beware of:\n"
        "  M2, 2019-20: England left out: row 2 of referrals.csv has “c” (confidential).\n"
    ) in run(folder)


def test_files_may_lie_elsewhere(referrals, folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "referrals.csv").rename(elsewhere / "referrals.csv")
    (folder / "neighbours.csv").rename(elsewhere / "neighbours.csv")
    assert "3 new" in run(folder, data=elsewhere)


def test_years_may_be_others_than_the_mappings(referrals, folder):
    write_tidy(folder, *ROWS, *[row.replace("2020,", "2022,", 1) for row in ROWS])
    assert "M2: England, 2021-22: new" in run(folder, year=["2021-22"])


# Saving


def test_comparators_are_saved_with_source_year_and_basis(referrals, officer, folder):
    assert save(folder).endswith("\nSaved.\n")
    assert list(
        Comparator.objects.order_by("group").values_list("group", "year", "value", "source", "basis", "on_basis")
    ) == [
        ("england", 2019, 120, "DfE, referrals", "England, as published (120)", "yes"),
        ("region", 2019, 30, "DfE, referrals", "South East, as published (30)", "yes"),
        (
            "statistical_neighbours",
            2019,
            6,
            "DfE, referrals",
            "Mean of 10 statistical neighbours (list of April 2021)",
            "yes",
        ),
    ]


def test_fraction_is_kept_with_six_decimals(referrals, officer, folder):
    write_mapping(folder, ('basis = "as is"', 'basis = "per authority"'))
    save(folder)
    # 120 over the 11 authorities of the file.
    assert Comparator.objects.get(group="england").value == Decimal("10.909091")


def test_history_says_who_and_from_which_file_and_year(referrals, officer, folder):
    save(folder)
    entries = [Comparator.objects.get(group=group).history.get() for group in ("england", "statistical_neighbours")]
    assert [(entry.history_user, entry.history_change_reason) for entry in entries] == [
        (officer, "Comparators from open data: referrals.csv, 2019-20"),
        (officer, "Comparators from open data: referrals.csv and neighbours.csv, 2019-20"),
    ]
    peer = PeerFigure.history.first()
    assert (peer.history_user, peer.history_change_reason) == (
        officer,
        "Comparators from open data: referrals.csv, 2019-20",
    )


def test_second_run_changes_nothing(referrals, officer, folder):
    write_mapping(folder, ('basis = "as is"', 'basis = "per authority per month"'))
    save(folder)
    before = stored()
    text = save(folder)
    assert "Comparators: 0 new, 0 changed, 3 unchanged.\n" in text
    assert text.endswith("There is nothing to save.\n")
    assert stored() == before


def test_what_is_published_is_only_changed_for_a_reason(referrals, officer, folder):
    publish(make_scorecard(referrals))
    assert "  M2: England, 2019-20: This reaches what is published: “Panel scorecard”, January 2021.\n" in run(folder)
    with pytest.raises(CommandError, match=r"Say why these are right with --reason\. Nothing has been saved."):
        save(folder)
    assert not Comparator.objects.exists()
    save(folder, reason="Published in November.")
    why = Comparator.objects.get(group="england").history.get().history_change_reason
    assert why.endswith("Reason: Published in November.")


def test_changed_figure_is_shown_and_saved(referrals, officer, folder):
    save(folder)
    write_tidy(folder, england(130), *ROWS[1:])
    assert (
        "M2: England, 2019-20: changes\n"
        "  figure: 120 -> 130\n"
        "  basis: “England, as published (120)” -> “England, as published (130)”\n"
        "Comparators: 0 new, 1 changed, 2 unchanged.\n"
    ) in save(folder)
    row = Comparator.objects.get(group="england")
    assert (row.value, row.version, row.history.count()) == (130, 2, 2)


def test_figure_takes_the_place_of_a_blank(referrals, officer, folder):
    Comparator.objects.create(indicator=referrals, group="england", year=2019, blank="awaited")
    assert "  figure: nothing -> 120\n  no figure because: Awaited (tbc) -> nothing\n" in save(folder)
    row = Comparator.objects.get(group="england")
    assert (row.value, row.blank) == (120, "")


def test_figure_that_is_missing_now_leaves_the_stored_one(referrals, officer, folder):
    save(folder)
    write_tidy(folder, england("x"), *ROWS[1:])
    assert "England left out: row 2" in save(folder)
    assert Comparator.objects.get(group="england").value == 120


def test_other_years_and_those_without_a_year_are_left_alone(referrals, officer, folder):
    others = [
        Comparator.objects.create(indicator=referrals, group="england", year=year, value=7) for year in (None, 2018)
    ]
    save(folder)
    assert [Comparator.objects.get(pk=row.pk).version for row in others] == [1, 1]


def test_reference_is_found_whatever_its_capitals(officer, folder):
    indicator = make_indicator("m2", scope="national")
    save(folder)
    assert indicator.comparators.count() == 3


# By hand


def test_edit_by_hand_is_told_and_only_replaced_when_saved(referrals, officer, folder):
    save(folder)
    row = Comparator.objects.get(group="england")
    row.value, row._history_user, row._change_reason = 99, officer, "As the region told us"
    row.save()

    text = run(folder)
    assert "M2: England, 2019-20: changes\n  figure: 99 -> 120\n" in text
    assert "  This replaces what was entered by hand, by Nia Officer on " in text
    assert " (As the region told us).\n" in text
    assert Comparator.objects.get(group="england").value == 99

    assert "This replaces what was entered by hand" in save(folder)
    assert Comparator.objects.get(group="england").value == 120


def test_comparator_that_was_there_before_any_import_counts_as_entered_by_hand(referrals, officer, folder):
    Comparator.objects.create(indicator=referrals, group="england", year=2019, value=99)
    assert "This replaces what was entered by hand, by somebody on " in run(folder)


def test_change_of_what_an_import_wrote_is_not_told_as_by_hand(referrals, officer, folder):
    save(folder)
    write_tidy(folder, england(130), *ROWS[1:])
    assert "by hand" not in run(folder)


# All or nothing


def test_one_wrong_entry_keeps_all_from_being_saved(referrals, officer, folder):
    make_indicator("M3", scope="national")
    more = '[[comparator]]\nindicator = "M3"\nfile = "referrals"\ncolumn = "x"\nbasis = "as is"\non_basis = "no"\n'
    write_mapping(folder, more=more)
    before = stored()
    assert message(folder, save=True, by="officer") == (
        "M3: referrals.csv has no column “x”. Its columns are time_period, time_identifier, geographic_level, "
        "country_code, region_code, region_name, old_la_code, la_name, kind, count, rate.\nNothing has been saved."
    )
    assert stored() == before


def test_wrong_cell_is_named_with_file_row_and_column(referrals, officer, folder):
    write_tidy(folder, *ROWS, authority("942", "12 or so"))
    assert message(folder, save=True, by="officer").startswith(
        "M2: referrals.csv, row 15, column count: “12 or so” is neither a number"
    )
    assert stored() == [[], [], [], []]


# Mistakes


@pytest.mark.parametrize(
    ("fields", "basis", "problem"),
    [
        ({"scope": "local"}, "as is", "comparators.toml: M2 is a local indicator, which has no comparators."),
        (
            {"unit": "percentage"},
            "per authority",
            "comparators.toml: M2 is a percentage, which can't be divided by the number of authorities. Its basis is "
            "“as is” or “per month”.",
        ),
        (
            {"unit": "rate_10000"},
            "per authority per month",
            "comparators.toml: M2 is a rate per 10,000, which can't be divided by the number of authorities. Its basis "
            "is “as is” or “per month”.",
        ),
    ],
    ids=["local", "percentage", "rate"],
)
def test_entry_that_does_not_fit_its_indicator_is_explained(fields, basis, problem, folder):
    make_indicator("M2", **{"scope": "national", **fields})
    write_mapping(folder, ('basis = "as is"', f'basis = "{basis}"'))
    assert message(folder) == f"{problem}\nNothing has been saved."


def test_unknown_indicator_is_explained(folder):
    assert message(folder) == "comparators.toml: there is no indicator “M2”.\nNothing has been saved."


def test_mistake_in_the_mapping_is_explained(referrals, folder):
    write_mapping(folder, ('"as is"', '"as it were"'))
    assert "[[comparator]] 1 (M2): “basis”: “as it were” is not a basis." in message(folder)


@pytest.mark.parametrize("year", ["2020", "2019-21", "x"])
def test_year_that_is_not_financial_is_explained(year, referrals, folder):
    assert message(folder, year=[year]) == f"--year: “{year}” is not a financial year: write it as 2019-20."


def test_who_saves_has_to_be_said(referrals, folder):
    assert message(folder, save=True) == "Say who saves with --by and your user name: it goes into the history."


@pytest.mark.parametrize("is_there", [False, True], ids=["unknown", "inactive"])
def test_who_saves_has_to_be_active(is_there, referrals, folder):
    if is_there:
        make_user("nia", is_active=False)
    assert message(folder, save=True, by="nia") == "There is no active user “nia”."


def test_saving_needs_permission(referrals, folder):
    make_user("nia", name="Nia")
    assert message(folder, save=True, by="nia") == ("Nia may not add and change comparators. Nothing has been saved.")
    assert stored() == [[], [], [], []]


def test_somebody_quicker_is_told_and_nothing_is_saved(referrals, officer, folder, monkeypatch):
    save(folder)
    write_tidy(folder, england(130), region(31), *ROWS[2:])

    def edit_first(**kwargs):
        row = Comparator.objects.get(group="region")
        row.note = "Looked at"
        row.save()
        return real(**kwargs)

    from indicators.management.commands import import_comparators as command

    real = command.save_open_data
    monkeypatch.setattr(command, "save_open_data", edit_first)

    assert message(folder, save=True, by="officer") == (
        "M2: Region, 2019-20 was changed after you opened it. Nothing has been saved; run the command again."
    )
    assert Comparator.objects.get(group="england").value == 120


def test_indicator_with_figures_of_others_can_be_deleted(referrals, officer, folder):
    save(folder)
    Indicator.objects.get().delete()
    assert PeerFigure.objects.count() == 0
    assert PeerFigure.history.filter(history_type="-").count() == 11
