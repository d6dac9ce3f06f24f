"""What the papers about security and personal data say: it names what is there, and leaves nothing out."""

import re
from pathlib import Path

from django.apps import apps
from django.db.models import EmailField, ForeignKey, ManyToManyField, OneToOneField

from indicators.models import User

DOCS = Path(__file__).resolve().parent.parent / "docs"
RELATIONS = (ForeignKey, OneToOneField, ManyToManyField)


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
