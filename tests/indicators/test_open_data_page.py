"""The page for importing comparators from open data: choosing files, the preview, what is asked, and saving."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.admin import open_data
from indicators.models import Comparator, NationalComparator, PeerFigure, PendingUpload
from scorecard.roles import PERFORMANCE_OFFICERS
from tests.factories import make_indicator, make_scorecard, make_user, publish
from tests.indicators.open_data.files import lait, lait_mapping, lait_rows, write_lait

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NAMES = ("comparators.toml", "lait.csv", "dictionary.csv", "neighbours.csv")


@pytest.fixture
def referrals():
    return make_indicator("M2", scope="national", polarity="low")


@pytest.fixture
def folder(tmp_path):
    write_lait(tmp_path, *lait_rows())
    return tmp_path


@pytest.fixture
def officer(client):
    person = make_user("officer", name="Nia Officer", is_staff=True)
    person.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    client.force_login(person)
    return person


def page():
    return reverse("admin:indicators_comparator_open_data")


def send(client, *files, **fields):
    return client.post(page(), {"chosen": list(files), **fields})


def of(folder, *names):
    return [SimpleUploadedFile(name, (folder / name).read_bytes()) for name in names or NAMES]


def preview(client, folder, *names, **fields):
    return send(client, *of(folder, *names), **fields)


def save(client, shown, **answers):
    return client.post(page(), {"preview": shown.context["upload"].token, "save": "Save this", **answers}, follow=True)


def text_of(response):
    return " ".join(response.content.decode().split())


def told(client, *files, **fields):
    """What is wrong, as the page lists it."""
    response = send(client, *files, **fields)
    assert response.status_code == 200
    return [*(response.context.get("problems") or []), *response.context["form"].errors.get("chosen", [])]


# From the files to the figures


def test_files_are_previewed_and_then_saved_with_their_history(client, officer, referrals, folder):
    shown = preview(client, folder)
    assert "Comparators: 3 new, 3 in all; 0 stay as they are." in text_of(shown)
    assert "M2: England, 2019-20" in text_of(shown)
    assert "4th" not in text_of(shown)
    assert "highest of 11, in the worst quarter; numbers are not adjusted for size" in text_of(shown)
    assert not Comparator.objects.exists()

    done = save(client, shown)

    assert "Imported: 3 comparators new, 0 changed, 0 as they were; figures of other authorities: 11 new" in text_of(
        done
    )
    row = Comparator.objects.get(group="england")
    assert (row.value, row.source, f"{row.next_update}") == (120, "DfE, referrals: Referrals", "2026-10-01")
    entry = row.history.get()
    assert (entry.history_user, entry.history_change_reason) == (
        officer, "Comparators from open data: lait.csv and dictionary.csv, 2019-20",
    )  # fmt: skip
    assert PeerFigure.objects.count() == 11
    assert not PendingUpload.objects.exists()


def test_importing_the_same_again_changes_nothing(client, officer, referrals, folder):
    save(client, preview(client, folder))
    assert "These files change nothing: 3 comparators are already the same here." in text_of(preview(client, folder))


def test_figures_may_stand_beside_those_of_the_report(client, officer, referrals, folder):
    Comparator.objects.create(indicator=referrals, group="england", year=2019, value=10, source="The print")
    lait_mapping(folder, ("[council]", "printed = false\n[council]"))
    shown = preview(client, folder)
    assert (
        "M2, England: the report has 10, the source gives 120, 12.0 times apart: 10 is what 120 / 12 months gives."
        in (text_of(shown))
    )
    save(client, shown)
    assert [*Comparator.objects.values_list("value", "version")] == [(10, 1)]
    assert NationalComparator.objects.count() == 3


def test_other_years_may_be_asked_for(client, officer, referrals, folder):
    write_lait(folder, *lait_rows(), *lait_rows({"970": 7}, year=2021))
    shown = preview(client, folder, years="2020-21")
    save(client, shown)
    assert [*Comparator.objects.filter(group="england").values_list("year", "value")] == [(2020, 7)]
    assert "“2021” is not a financial year" in text_of(preview(client, folder, years="2021"))


# What is asked


def test_what_a_person_entered_is_only_replaced_when_that_is_said(client, officer, referrals, folder):
    row = Comparator(indicator=referrals, group="england", year=2019, value=99)
    row._history_user = officer
    row.save()
    shown = preview(client, folder)
    assert "These replace what people entered" in text_of(shown)
    asked = save(client, shown)
    assert "answer what is asked below" in text_of(asked)
    assert Comparator.objects.get(group="england").value == 99
    assert "Imported: 2 comparators new, 1 changed" in text_of(save(client, asked, replace="on"))
    assert Comparator.objects.get(group="england").value == 120


def test_what_is_published_with_a_comparator_is_asked_about(client, officer, referrals, folder):
    publish(make_scorecard(referrals))
    shown = preview(client, folder)
    assert "England, 2019-20: This reaches what is published: “Panel scorecard”, January 2021." in text_of(shown)

    refused = save(client, shown, reason=" ")

    assert "Say why these are right." in text_of(refused)
    assert not Comparator.objects.exists()
    save(client, refused, reason="Published in November.")
    why = Comparator.objects.get(group="england").history.get().history_change_reason
    assert why.startswith("Comparators from open data: lait.csv and dictionary.csv, 2019-20\nAsked: This reaches")
    assert why.endswith("Reason: Published in November.")


def test_what_somebody_changed_since_is_shown_again(client, officer, referrals, folder):
    shown = preview(client, folder)
    Comparator.objects.create(indicator=referrals, group="england", year=2019, value=99)
    again = save(client, shown)
    assert "somebody changed these rows after you saw the preview" in text_of(again)
    assert "These replace what people entered" in text_of(again)
    assert Comparator.objects.get().value == 99


def test_nothing_is_saved_when_it_is_cancelled(client, officer, referrals, folder):
    token = preview(client, folder).context["upload"].token
    done = client.post(page(), {"preview": token, "cancel": "Save nothing"}, follow=True)
    assert "Nothing was imported." in text_of(done)
    assert not PendingUpload.objects.exists()


@pytest.mark.parametrize("token", ["", "nonsense", "\x00", "x" * 5000])
def test_preview_that_is_gone_is_told(token, client, officer):
    done = client.post(page(), {"preview": token, "save": "Save this"}, follow=True)
    assert "choose the file once more" in text_of(done)


def test_preview_is_the_senders_alone_and_not_for_ever(client, officer, referrals, folder):
    token = preview(client, folder).context["upload"].token
    other = Client()
    other.force_login(make_user("other", is_staff=True, is_superuser=True))
    assert "choose the file once more" in text_of(other.post(page(), {"preview": token, "save": "x"}, follow=True))
    PendingUpload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "choose the file once more" in text_of(client.post(page(), {"preview": token, "save": "x"}, follow=True))
    assert not Comparator.objects.exists()


# Files in which something is wrong


def test_only_the_file_that_was_corrected_is_chosen_again(client, officer, referrals, folder):
    write_lait(folder, *lait_rows({"301": "1,234"}))
    shown = preview(client, folder)
    assert "M2: lait.csv, row 5, column Values: “1,234” is neither a number" in text_of(shown)
    assert shown.context["kept"] == sorted(NAMES)
    write_lait(folder, *lait_rows())
    again = preview(client, folder, "lait.csv", preview=shown.context["upload"].token)
    assert "Comparators: 3 new" in text_of(again)
    save(client, again)
    assert Comparator.objects.count() == 3


def test_mistakes_are_told_beside_their_file(client, officer, referrals, folder, monkeypatch):
    [figures] = of(folder, "lait.csv")
    missing = "comparators.toml names the file lait.csv, which isn’t among those chosen."
    assert told(client) == ["Choose the files first."]
    assert told(client, figures) == ["One of the files must be the mapping, whose name ends in .toml. There is none."]
    assert told(client, *of(folder), SimpleUploadedFile("b.toml", b"x")) == [
        "One of the files must be the mapping, whose name ends in .toml. These are 2: b.toml, comparators.toml."
    ]
    assert told(client, *of(folder, "comparators.toml", "neighbours.csv", "dictionary.csv")) == [missing]
    renamed = SimpleUploadedFile("lait (1).csv", (folder / "lait.csv").read_bytes())
    assert told(client, *of(folder, "comparators.toml", "neighbours.csv", "dictionary.csv"), renamed) == [
        f"{missing} Not named by it: lait (1).csv."
    ]
    assert told(client, *of(folder), *of(folder, "lait.csv")) == [
        "Two of the files are called lait.csv: choose one of them."
    ]
    assert told(client, *of(folder), SimpleUploadedFile("empty.csv", b"")) == ["The submitted file is empty."]
    assert told(client, *(SimpleUploadedFile(f"{number}.csv", b"x") for number in range(21))) == [
        "These are more than 20 files: choose only those that are needed."
    ]
    monkeypatch.setattr(open_data, "MOST_BYTES", 100)
    assert told(client, *of(folder))[0].startswith("The files are larger than 0 MB together.")


def test_file_that_the_mapping_does_not_name_is_told_and_not_read(client, officer, referrals, folder):
    shown = send(client, *of(folder), SimpleUploadedFile("dictionary_2.csv", (folder / "dictionary.csv").read_bytes()))
    assert "dictionary_2.csv is not named by the mapping, so it was not read." in text_of(shown)


@pytest.mark.parametrize("name", ["/etc/passwd", "../settings.py", "..", "folder/lait.csv"])
def test_mapping_cannot_name_a_file_of_the_server(name, client, officer, referrals, folder):
    lait_mapping(folder, ('file = "lait.csv"', f'file = "{name}"'))
    assert told(client, *of(folder))[0].startswith(f"comparators.toml names the file {name}, which isn’t among those")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"years = [", b"[" * 50_000, b"PK\x03\x04", b"years = 5\n[council]\n"]
)
def test_mapping_that_is_none_is_told(content, client, officer, referrals, folder):
    mapping = SimpleUploadedFile("comparators.toml", content or b" ")
    assert told(client, mapping, *of(folder, "lait.csv", "dictionary.csv", "neighbours.csv"))


def test_where_the_files_lay_on_the_server_is_not_told(client, officer, referrals, folder):
    files = of(folder, "comparators.toml", "dictionary.csv", "neighbours.csv")
    wrong = told(client, *files, SimpleUploadedFile("lait.csv.gz", b"not compressed"))
    assert wrong == ["lait.csv.gz is not compressed with gzip, or not all of it is there."]


# Who may, and what it costs


def test_only_who_may_import_comparators_gets_the_page(client, folder):
    person = make_user("reader", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_comparator"))
    client.force_login(person)
    assert client.get(page()).status_code == 403
    assert preview(client, folder).status_code == 403
    assert "open-data" not in client.get(reverse("admin:indicators_comparator_changelist")).content.decode()


def test_list_of_comparators_leads_to_the_page(client, officer):
    assert page() in client.get(reverse("admin:indicators_comparator_changelist")).content.decode()


def test_queries_do_not_grow_with_the_file(client, officer, referrals, folder, django_assert_max_num_queries):
    write_lait(folder, *lait_rows(), *(lait(f"{code}", 5) for code in range(500, 900) if code != 852))
    files = of(folder)
    with django_assert_max_num_queries(30):
        shown = send(client, *files)
    with django_assert_max_num_queries(60):
        save(client, shown)
    assert PeerFigure.objects.count() == 410


def test_packed_files_are_the_same_bytes_for_the_same_files():
    batch = open_data.Batch({"b.csv": b"2", "a.csv": b"1"}, "2019-20")
    assert batch.packed() == open_data.Batch({"a.csv": b"1", "b.csv": b"2"}, "2019-20").packed()
    assert open_data.Batch.unpacked(batch.packed()) == open_data.Batch({"a.csv": b"1", "b.csv": b"2"}, "2019-20")
