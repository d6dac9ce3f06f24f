"""What a password may be: long, and not what attackers try first."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from scorecard.models import CouncilDetails
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LONG = "a passphrase that is much longer than sixty-four characters and goes on and on and on"
MIXED = "vX9#qLm2t!Rk7Wz4pB8@nGh3sYd6&cFj5eKu1oAiQxTlMrZvNbDwHyCgPfJsEkUo0I"
GOOD = [
    "correct horse battery",
    "kettle marmot sunday",
    "ünïcödé wörter überall",
    "84092 71553 20964 7",
    LONG,
    MIXED,
    "🐢🦊🐝 under the 🌳 bridge",
]
BAD = [
    *("short", "password1234567", "P@ssw0rdP@ssw0rd", "qwertyuiop12345", "123456789012345", "aaaaaaaaaaaaaaaa"),
    *("passwordpassword", "letmeinletmein1!", "scorecard2024!!!", "Liverpool2024!!!", "northshire council"),
    *("performance2026", "rita.reader12345", "Rita Reader 2026", "abcdefghijklmnop"),
]


def test_long_passwords_are_taken_whatever_they_are_made_of_and_common_ones_are_not():
    CouncilDetails.objects.create(pk=CouncilDetails.ONLY, council="Northshire County Council")
    person = make_person("rita.reader", name="Rita Reader", email="rita@example.org")
    refused = []
    for password in GOOD + BAD:
        try:
            validate_password(password, person)
        except ValidationError:
            refused.append(password)
    assert refused == BAD
    # Nothing is cut off.
    person.set_password("correct horse battery " * 20)
    assert not person.check_password("correct horse battery " * 19)
