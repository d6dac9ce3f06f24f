"""Why the database refused a change, in words."""

from django.db import DataError, IntegrityError

from indicators.models import ChangedMeanwhileError
from indicators.triggers import TRIGGERS

# Errors of saving that are not the program's fault: the forms check first, but somebody else may be quicker.
REFUSED = (IntegrityError, DataError, ChangedMeanwhileError)


def refusal(error: Exception) -> str:
    """A message for the person whose change was refused."""
    if isinstance(error, ChangedMeanwhileError):
        return str(error)
    for rule in sorted({trigger.message for trigger in TRIGGERS}):
        if rule in str(error):
            return f"Not saved: {rule}."
    return "Not saved: it does not fit with what is stored; perhaps somebody saved a change at the same moment."
