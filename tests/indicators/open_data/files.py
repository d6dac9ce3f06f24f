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


LAIT_COLUMNS = "Short Desc,Data item,Years,LA and Regions,Values,LA Number,Region"
DICTIONARY_COLUMNS = "Measure_short,Measure,Polarity,Year_Type,dps,Last Update,Next Update,Methodology"


def lait(
    code: str, value: object, year: object = 2020, *, measure: str = "Ref", name: str = "", place: str = ""
) -> str:
    """A row of LAIT; authorities lie in the North West unless another place is given."""
    regions = {"970": "NA", "989": "NA", "852": "South East"}
    names = {"970": "England", "989": "South East", "852": "Southampton"}
    name, place = name or names.get(code, f"Authority {code}"), place or regions.get(code, "North West")
    return f'{measure},A title,{year},{name},"{value}",{code}.0,{place}'


def lait_rows(values: dict[str, object] | None = None, **where: object) -> list[str]:
    """England, the region, the council, and its neighbours with 1 to 10; or with other values for some of them."""
    figures: dict[str, object] = {"970": 120, "989": 30, "852": 24}
    figures |= {code: number for number, code in enumerate(NEIGHBOUR_CODES, start=1)} | (values or {})
    return [lait(code, value, **where) for code, value in figures.items()]  # type: ignore[arg-type]


def write_lait(folder: Path, *rows: str, columns: str = LAIT_COLUMNS, dictionary: str = "") -> ComparatorMapping:
    """A file of LAIT with a dictionary for one measure or another, its mapping, and the neighbours."""
    (folder / "lait.csv").write_text("\n".join([columns, *rows, ""]), encoding="utf-8")
    words = dictionary or "Ref,Referrals,Low,Financial Year,0.0,45931,46296,-"
    (folder / "dictionary.csv").write_text(f"{DICTIONARY_COLUMNS}\n{words}\n", encoding="utf-8")
    write_neighbours(folder)
    return lait_mapping(folder)


def lait_mapping(folder: Path, *replacements: tuple[str, str], more: str = "") -> ComparatorMapping:
    """The small mapping for a file of LAIT, with some of its text replaced."""
    return small_mapping(
        folder,
        ('file = "referrals.csv"', 'file = "lait.csv"\ndictionary = "dictionary.csv"'),
        ('column = "count"', 'measure = "Ref"'),
        *replacements,
        more=more,
    )


def small_mapping(folder: Path, *replacements: tuple[str, str], more: str = "") -> ComparatorMapping:
    return load_mapping(write_mapping(folder, *replacements, more=more))
