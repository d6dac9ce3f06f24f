"""Small open data files for tests: a test writes only the rows and lines that it is about."""

from pathlib import Path

from indicators.open_data import ComparatorMapping, load_mapping

EXTRACT = Path(__file__).resolve().parents[2] / "data" / "dfe"
DEMONSTRATION = Path(__file__).resolve().parents[3] / "fixtures" / "children_and_families" / "comparators.toml"

LAIT = DEMONSTRATION.parent / "lait"

TIDY_COLUMNS = (
    "time_period,time_identifier,geographic_level,country_code,region_code,region_name,old_la_code,la_name,"
    "kind,count,rate"
)
NEIGHBOUR_CODES = ("301", "302", "303", "304", "305", "306", "307", "308", "309", "310")

MAPPING = """
years = ["2019-20"]

[council]
authority = "852"
region = "E12000008"

[neighbours]
file = "neighbours.csv"
date = "2021-04"

[files.referrals]
file = "referrals.csv"
source = "DfE, referrals"

[[comparator]]
indicator = "M2"
file = "referrals"
column = "count"
basis = "as is"
on_basis = "yes"
"""


def england(count: object, *, period: object = 2020, kind: str = "all", rate: object = 1) -> str:
    return f"{period},Reporting year,National,E92000001,,,,,{kind},{count},{rate}"


def region(count: object, code: str = "E12000008", name: str = "South East", *, period: object = 2020) -> str:
    return f"{period},Reporting year,Regional,E92000001,{code},{name},,,all,{count},1"


def authority(
    code: str,
    count: object,
    name: str = "",
    *,
    region: str = "E12000001",
    period: object = 2020,
    kind: str = "all",
) -> str:
    name = name or f"Authority {code}"
    return f"{period},Reporting year,Local authority,E92000001,{region},A region,{code},{name},{kind},{count},1"


def own(count: object, **where: object) -> str:
    return authority("852", count, "Southampton", region="E12000008", **where)  # type: ignore[arg-type]


def neighbours(counts: object = 10) -> list[str]:
    """A row for each of the ten neighbours, all with the same count or with one each."""
    each = counts if isinstance(counts, (list, tuple)) else [counts] * 10
    return [authority(code, count) for code, count in zip(NEIGHBOUR_CODES, each, strict=True)]


def write_tidy(folder: Path, *rows: str, name: str = "referrals.csv", columns: str = TIDY_COLUMNS) -> Path:
    path = folder / name
    path.write_text("\n".join([columns, *rows, ""]), encoding="utf-8")
    return path


def write_neighbours(folder: Path, *codes: str, own: str = "852") -> Path:
    """A list in the form of 2025, with the neighbours of one authority."""
    codes = codes or NEIGHBOUR_CODES
    columns = ",".join(f"SN_{number},SN_{number}P" for number in range(1, 11))
    cells = ",".join(f"{code},Close" for code in codes)
    path = folder / "neighbours.csv"
    path.write_text(f"old_la_code,la_name,region_ind,region_name,{columns}\n{own},Southampton,6,South East,{cells}\n")
    return path


def write_mapping(folder: Path, *replacements: tuple[str, str], more: str = "") -> Path:
    """The small mapping above with some of its text replaced, and more at its end."""
    text = MAPPING
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    path = folder / "comparators.toml"
    path.write_text(text + more, encoding="utf-8")
    return path


def small_mapping(folder: Path, *replacements: tuple[str, str], more: str = "") -> ComparatorMapping:
    return load_mapping(write_mapping(folder, *replacements, more=more))
