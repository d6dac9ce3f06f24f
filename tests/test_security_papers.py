"""What the papers about security and personal data say: it names what is there, and leaves nothing out."""

import csv
import importlib.util
import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import EmailField, ForeignKey, ManyToManyField, OneToOneField

from indicators.models import User
from tests.factories import make_person

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
RELATIONS = (ForeignKey, OneToOneField, ManyToManyField)


@pytest.fixture(scope="module")
def packages():
    found = importlib.util.spec_from_file_location("scripts_packages", ROOT / "scripts" / "packages.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_every_asvs_requirement_of_level_2_has_evidence_or_a_reason():
    with (ROOT / "tests" / "data" / "asvs-5.0.csv").open() as file:
        # Numbers and levels of OWASP ASVS 5.0.0: 70 requirements of level 1, 183 of level 2.
        wanted = [(row["number"], row["level"]) for row in csv.DictReader(file)]
    text = (DOCS / "asvs.md").read_text()
    rows = [tuple(row.split(" | ")) for row in re.findall(r"^\| (\d+\.\d+\.\d+ \|.+?) ?\|$", text, re.MULTILINE)]
    assert len(wanted) == 253
    assert [row[:2] for row in rows] == wanted
    counts = dict.fromkeys(("Met", "**Not met**", "Does not apply", "Left to the operator"), 0)
    for number, _, _, answer, why, tried in rows:
        counts[answer] += 1
        if answer == "Met":
            assert re.search(r"`[\w./-]+\.\w+`|`scripts/\w+`|written-down-here", why), number
            assert tried.startswith("`tests/"), number
        else:
            assert (len(why.split()) > 3, tried) == (True, ""), number
    told = [
        int(count) for count in re.search(r"Of (\d+) .*?(\d+) are met, (\d+) .*? (\d+) don.*? (\d+) are", text).groups()
    ]
    assert told == [253, *counts.values()]


def test_every_file_and_test_that_the_asvs_page_names_exists():
    missing = []
    for path, _, test in re.findall(r"`([\w./-]+/[\w./-]+\w)(::(\w+))?`", (DOCS / "asvs.md").read_text()):
        file = ROOT / path
        if path.startswith("var/") or file.is_dir():
            continue
        if not file.exists() or (test and f"def {test}(" not in file.read_text()):
            missing.append(f"{path}::{test}")
    assert missing == []


@pytest.mark.django_db
@pytest.mark.sqlite
def test_password_counts_as_it_is_typed_and_managers_of_passwords_are_let_be(client):
    person = make_person("rita")
    person.set_password(" Kettle marmot sunday ")
    person.save()
    page = client.get("/sign-in/").content.decode()
    fields = re.findall(r"<input[^>]+type=\"password\"[^>]*>", page)
    assert ["current-password" in field and "on" + "paste" not in field for field in fields] == [True]
    for typed in ("Kettle marmot sunday", " kettle marmot sunday ", " Kettle marmot", " Kettle marmot sunday ."):
        assert client.post("/sign-in/", {"username": "rita", "password": typed}).status_code == 200, typed
    assert client.post("/sign-in/", {"username": "rita", "password": " Kettle marmot sunday "}).status_code == 302


@pytest.mark.django_db
@pytest.mark.sqlite
def test_sessions_end_with_the_account_and_no_answer_is_for_other_origins(client):
    person = make_person("rita")
    client.force_login(person)
    client.post("/sign-in/", {"username": "rita", "password": "right"})
    answer = client.get("/your-work/", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
    person.refresh_from_db()
    person.is_active = False
    person.save()
    assert client.get("/your-work/").url == "/sign-in/?next=/your-work/"


def test_list_of_what_is_shipped_is_whole_and_valid(packages):
    shipped = packages.shipped()
    listed = json.loads(packages.sbom(shipped))["components"]
    pinned = re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "base.txt").read_text(), re.MULTILINE)
    names = {one["purl"].partition("@")[0].removeprefix("pkg:pypi/") for one in listed}
    assert set(pinned) <= names
    assert {"pkg:npm/chart.js@", "pkg:npm/govuk-frontend@"} <= {re.sub("@.*", "@", one["purl"]) for one in listed}
    assert all(one["hashes"] for one in listed)


def test_licences_are_told_and_allowed(packages):
    shipped, told = packages.shipped(), packages.told_licences()
    assert packages.wrong_licences(shipped, told) == []
    for licence, is_allowed in {
        "MIT": True,
        "GPL-3.0-only": False,
        "GPL-2.0-or-later OR MIT": True,
        "Apache-2.0 AND GPL-3.0-only": False,
        "not told": False,
        "": False,
    }.items():
        assert packages.is_allowed(licence) is is_allowed, licence
    new = packages.Package("pypi", "another", "1.0", (), "AGPL-3.0-only")
    assert len(packages.wrong_licences([*shipped, new], told)) == 2
    gone = [one for one in shipped if one.name != "django"]
    assert len(packages.wrong_licences(gone, told)) == 1


def test_audit_fails_on_known_weaknesses_and_on_nothing_else(packages):
    one = {"name": "django", "version": "5.2.1", "vulns": []}
    weak = one | {"vulns": [{"id": "PYSEC-1", "fix_versions": ["5.2.2"]}, {"id": "PYSEC-2", "fix_versions": []}]}
    unknown = {"name": "another", "skip_reason": "Dependency not found on PyPI"}
    for dependencies, weaknesses, is_said in (([one], 0, False), ([weak, one], 2, False), ([one, unknown], 0, True)):
        known, said = packages.audit(json.dumps({"dependencies": dependencies, "fixes": []}))
        assert (len(known), bool(said)) == (weaknesses, is_said)
    for no_answer in ("", "ERROR: no connection", "{}", "[]"):
        known, said = packages.audit(no_answer)
        assert (known, "no answer" in said) == ([], True)


def test_threat_model_names_for_each_threat_where_it_is_met_and_tried():
    rows = re.findall(r"^\|(.+)\|$", (DOCS / "threat-model.md").read_text().split("## Threats")[1], re.MULTILINE)[2:]
    assert len(rows) > 10
    for row in rows:
        *_, where, tried = (re.findall(r"`([\w./-]+)`", cell) for cell in row.split(" | "))
        assert where, row
        assert tried, row
        assert all(path.startswith("tests/") for path in tried), row
        assert [path for path in where + tried if not (DOCS.parent / path).exists()] == []


def test_record_of_personal_data_names_every_field_that_leads_to_a_person():
    record = (DOCS / "personal-data.md").read_text()
    missing = []
    for model in apps.get_models():
        if hasattr(model, "instance_type"):  # an entry of a history, which the record speaks of as a whole
            continue
        for field in [*model._meta.fields, *model._meta.local_many_to_many]:
            leads = isinstance(field, RELATIONS) and field.related_model is User
            if (leads or isinstance(field, EmailField) or model is User) and not field.primary_key:
                name = f"`{model.__name__}.{field.name}`"
                missing += [name] if name not in record else []
    assert missing == []
