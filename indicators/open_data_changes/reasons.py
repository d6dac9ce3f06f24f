"""What the history says of an import, so that a later import can tell it from a person's edit."""

from indicators.calculations.months import financial_year_text

_IMPORTED = "Comparators from open data"


def reason_of(files: str, year: int) -> str:
    """Why an imported row is as it is: from which files, for which year."""
    return f"{_IMPORTED}: {files}, {financial_year_text(year)}"


def was_imported(reason: str | None) -> bool:
    """Whether an entry of the history was made by an import."""
    return (reason or "").startswith(_IMPORTED)
