"""Everything of an installation as one file: written, read into another, and written again, the same to the byte."""

import io
import json
from datetime import date
from hashlib import sha256
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from commentary.models import AreaOfFocus
from indicators.models import Indicator, MonthlyValue, SecurityEvent, User
from scorecard.accounts.forgetting import forget
from scorecard.roles import PERFORMANCE_OFFICERS
from scorecard.starting import contents, exporting, importing, reading
from tests.databases import databases
from tests.demonstration import demonstration_loaded
from tests.factories import JANUARY, make_indicator, make_user, make_values


def exported():
    file = io.BytesIO()
    exporting.export(file)
    file.seek(0)
    return file


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), databases.fresh(demonstration_loaded):
        return exported().getvalue()


@pytest.mark.django_db
def test_an_installation_moved_is_the_same_to_the_byte(demonstration, capsys):
    outcome = importing.import_everything(reading.MovedFile(io.BytesIO(demonstration)), by=None)
    assert outcome.problems == []
    assert exported().getvalue() == demonstration
    call_command("verify_editions")


def test_every_model_is_moved_or_stays_for_a_reason():
    ours = {
        model._meta.label_lower
        for model in apps.get_models()
        if model._meta.app_label in ("indicators", "commentary", "scorecard") and not hasattr(model, "history_type")
    }
    ours -= {label for label in ours if "historical" in label}
    moved = {model._meta.label_lower for model in contents.MOVED}
    assert ours == moved | contents.STAYS.keys()
    assert not moved & contents.STAYS.keys()


def test_each_row_stands_after_those_that_it_points_at():
    order = list(contents.MOVED)
    for shape in contents.shapes():
        for field in shape.fields:
            if contents.is_reference(field):
                assert order.index(field.related_model) < order.index(shape.model), field


@pytest.mark.django_db
def test_rows_that_are_gone_stay_in_the_history(demonstration):
    importing.import_everything(reading.MovedFile(io.BytesIO(demonstration)), by=None)
    value = MonthlyValue.objects.order_by("-pk").first()
    value.note = "Seen once"
    value.save()
    value.delete()
    gone = make_indicator("GONE", owner=User.objects.first())
    make_values(gone, {JANUARY: 3})
    gone.delete()
    area = AreaOfFocus.objects.first()
    area.indicators.set(Indicator.objects.all()[:3])
    area.save()
    person = make_user("leaver", name="Lea Ver", email="lea@example.org", is_active=False)
    forget(key=person.pk, by=None)
    before = exported()
    with databases.fresh():
        make_user("unlike", is_active=False)
        importing.import_everything(reading.MovedFile(before), by=None)
        MonthlyValue.objects.create(indicator=Indicator.objects.get(reference="LAC1"), month=date(2015, 1, 1), figure=1)
        MonthlyValue.objects.get(month=date(2015, 1, 1)).delete()
        assert Indicator.history.filter(reference="GONE", history_type="-").exists()
        forgotten = User.objects.get(username__startswith="former-user-")
        assert forgotten.username == f"former-user-{forgotten.pk}"
        assert MonthlyValue.history.filter(month=date(2015, 1, 1)).values("id").distinct().count() == 1


def changed(content, name, change):
    """The file with one part changed, and the manifest left as it is."""
    made = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(made, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            new.writestr(info, change(part) if info.filename == name else part)
    return made.getvalue()


def as_manifest(**said):
    return lambda part: json.dumps({**json.loads(part), **said}).encode()


BAD = {
    "no file": (lambda _: b"", reading.FOREIGN),
    "text": (lambda _: b"reference,title\n", reading.FOREIGN),
    "another archive": (lambda _: changed_zip({"a.txt": b"x"}), reading.FOREIGN),
    "another manifest": (lambda _: changed_zip({"manifest.json": b"[]"}), reading.FOREIGN),
    "deep manifest": (lambda _: changed_zip({"manifest.json": b"[" * 200_000}), reading.FOREIGN),
    "cut off": (lambda whole: whole[: len(whole) // 2], reading.CUT_OFF),
    "newer": (lambda whole: changed(whole, "manifest.json", as_manifest(number=2)), "newer version"),
    "number": (lambda whole: changed(whole, "manifest.json", as_manifest(number="1")), reading.FOREIGN),
    "changed": (
        lambda whole: changed(whole, "rows/indicators.target.jsonl", lambda part: part.replace(b"tolera", b"toleru")),
        "was changed",
    ),
    "missing": (
        lambda whole: changed(whole, "manifest.json", lambda part: part.replace(b"rows/", b"rowz/")),
        "missing",
    ),
}


def changed_zip(parts):
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD)
def test_what_is_no_export_is_told_and_nothing_written(demonstration, name):
    make, message = BAD[name]
    with pytest.raises(contents.MoveError) as told:
        importing.import_everything(reading.MovedFile(io.BytesIO(make(demonstration))), by=None)
    assert message in str(told.value)
    assert importing.is_empty()


@pytest.mark.sqlite
def test_what_unpacks_to_too_much_is_not_unpacked(monkeypatch, demonstration):
    monkeypatch.setattr(reading, "MOST_UNPACKED", 100_000)
    with pytest.raises(contents.MoveError, match="far larger inside"):
        reading.MovedFile(io.BytesIO(demonstration)).all_rows()


def rewritten(content, name, change):
    """The file with one part changed, and the manifest made to fit: what nobody but a person can have done."""

    def fitting(part):
        manifest = json.loads(part)
        with ZipFile(io.BytesIO(content)) as old:
            manifest["members"][name]["sha256"] = sha256(change(old.read(name))).hexdigest()
        return json.dumps(manifest).encode()

    return changed(changed(content, name, change), "manifest.json", fitting)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("rows/indicators.indicator.jsonl", b'"unit":"count"', b'"unit":"furlong"'),
        ("rows/indicators.indicator.jsonl", b'"decimal_places":0', b'"decimal_places":"x"'),
        ("rows/indicators.indicator.jsonl", b'"decimal_places":0', b'"decimal_places":99999999999999999999'),
        ("rows/indicators.indicator.jsonl", b'"reference":', b'"referenze":'),
        ("rows/indicators.indicator.jsonl", b'"number":2,', b'"number":1,'),
        ("rows/indicators.indicator.jsonl", b'"number":2,', b'"number":-2,'),
        ("rows/indicators.monthlyvalue.jsonl", b'"indicator":["', b'"indicator":["X'),
        ("rows/indicators.monthlyvalue.jsonl", b'"month":"', b'"month":"x'),
        ("rows/indicators.user.jsonl", b'"groups":["', b'"groups":[1,{},"'),
        ("history/indicators.target.jsonl", b'"what":"+"', b'"what":"?"'),
        ("history/indicators.target.jsonl", b'"at":"', b'"at":"x'),
        ("rows/scorecard.publisheddocument.jsonl", b'"body":"', b'"body":"0'),
    ],
)
def test_a_file_that_somebody_made_up_is_refused_whole(demonstration, name, old, new):
    made = rewritten(demonstration, name, lambda part: part.replace(old, new, 2))
    if name.endswith("user.jsonl"):
        importing.import_everything(reading.MovedFile(io.BytesIO(made)), by=None)
        return
    with pytest.raises(contents.MoveError):
        importing.import_everything(reading.MovedFile(io.BytesIO(made)), by=None)
    assert importing.is_empty()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_officer_who_brings_it_over_stays_signed_in_and_is_told_apart(demonstration, client):
    here = make_user("performance.officer", email="officer@here.example")
    here.set_password("kept")
    here.save()
    here.groups.add(Group.objects.get(name=PERFORMANCE_OFFICERS))
    client.force_login(here)
    client.post("/setup/move/", {"file": SimpleUploadedFile("everything.zip", demonstration)})
    refused = client.get("/setup/move/preview/").content.decode()
    assert "another e-mail address" in refused
    assert "Bring it over" not in refused
    with ZipFile(io.BytesIO(demonstration)) as archive:
        people = map(json.loads, archive.read("rows/indicators.user.jsonl").splitlines())
        here.email = next(one["email"] for one in people if one["username"] == "performance.officer")
    here.save()
    form = client.get("/setup/move/preview/").context["form"]
    assert importing.is_empty()
    response = client.post("/setup/move/preview/", {"bring": "1", "shown": form["shown"].value()})
    assert response["Location"] == "/setup/"
    assert client.get("/setup/").status_code == 200
    assert User.objects.get(pk=here.pk).check_password("kept")
    assert exported().getvalue() == demonstration
    downloaded = client.post("/setup/move/export/").content
    assert downloaded == demonstration
    kinds = set(SecurityEvent.objects.values_list("kind", flat=True))
    assert {"imported", "downloaded"} <= kinds
    client.post("/setup/move/", {"file": SimpleUploadedFile("everything.zip", demonstration)})
    again = client.get("/setup/move/preview/").content.decode()
    assert "The file and this installation have the same origin" in again
    assert "Bring it over" not in again
