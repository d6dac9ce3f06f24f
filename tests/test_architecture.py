"""The house rules that a reader of the code relies on: which part may know which."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Each package may import those after it, never those before.
ORDER = ("scorecard", "commentary", "indicators")
# Code without Django, database and clock: each folder or module with what it may know beside Python.
PURE = {
    "indicators/calculations": ["indicators.calculations"],
    "indicators/open_data": ["indicators.calculations", "indicators.open_data"],
    "commentary/facts.py": ["indicators.calculations"],
    "commentary/checker": ["indicators.calculations", "commentary.facts", "commentary.checker", "text_to_num"],
    "commentary/focus.py": ["indicators.calculations"],
    "commentary/sign_off.py": ["indicators.calculations"],
    "commentary/warnings.py": ["indicators.calculations", "commentary.checker"],
}


def modules(folder):
    place = ROOT / folder
    return [place] if place.suffix else sorted(place.rglob("*.py"))


def dotted(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


@cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path):
    """Every module that a file imports, also inside functions and for types only; relative ones made absolute."""
    return [*imported_in(path)]


def imported_in(path):
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *(node.module or "").split("."))).strip(".")
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):
            yield from imported_by_name(node)


def imported_by_name(call):
    """`import_module("x")`, `__import__("x")` and `get_model("app.Model")`."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in {"import_module", "__import__", "import_string", "get_model"}:
        yield from (
            part.value for part in call.args[:1] if isinstance(part, ast.Constant) and isinstance(part.value, str)
        )


def within(name, package):
    return name == package or name.startswith(f"{package}.")


def parametrise_modules(*folders):
    found = [path for folder in folders for path in modules(folder)]
    return pytest.mark.parametrize("path", found, ids=[str(path.relative_to(ROOT)) for path in found])


@pytest.mark.parametrize("package", ORDER)
def test_imports_run_one_way(package):
    before = ORDER[: ORDER.index(package)]
    wrong = {
        (str(path.relative_to(ROOT)), name)
        for path in modules(package)
        for name in imports(path)
        if any(within(name, other) for other in before)
    }
    assert wrong == set()


def graph(package):
    """What each module of a package imports of it; its own folder's `__init__.py` is there before it in any case."""
    paths = {".".join(dotted(path)): path for path in modules(package) if "migrations" not in path.parts}
    for name, path in paths.items():
        known = {other for other in imports(path) if other in paths and not within(name, other)}
        yield name, known - {other for other in known if any(within(more, other) for more in known - {other})}


def circle_in(edges):
    """Some modules that lead back to the first one, each importing the next; None where there are none."""
    done = set()

    def walk(name, way):
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return None
        found = next(filter(None, (walk(other, [*way, name]) for other in edges.get(name, ()))), None)
        done.add(name)
        return found

    return next(filter(None, (walk(name, []) for name in edges)), None)


@pytest.mark.parametrize("package", ORDER)
def test_no_module_leads_back_to_itself(package):
    assert circle_in(dict(graph(package))) is None


# A line on its way: what is in a folder is built on those before it, never on those after.
OF_LINES = ("editing", "sheet", "sign_off", "returns", "views")


@pytest.mark.parametrize("folder", OF_LINES)
def test_folders_about_lines_are_built_on_one_another_in_order(folder):
    after = [f"scorecard.{other}" for other in OF_LINES[OF_LINES.index(folder) + 1 :]]
    found = [name for path in modules(f"scorecard/{folder}") for name in imports(path)]
    assert not [name for name in found if any(within(name, other) for other in after)]


@pytest.mark.parametrize("package", [*ORDER, "scripts", "bench"])
def test_product_does_not_import_tests(package):
    assert not [(path, name) for path in modules(package) for name in imports(path) if within(name, "tests")]


@parametrise_modules(*PURE)
def test_pure_code_needs_only_python_and_what_it_may_know(path):
    import sys

    [known] = [known for folder, known in PURE.items() if (ROOT / folder) in path.parents or ROOT / folder == path]
    foreign = {
        name
        for name in imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not any(within(name, one) for one in known)
    }
    assert foreign == set()


@parametrise_modules(*PURE)
def test_pure_code_has_no_clock(path):
    tree = parsed(path)
    called = {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert called.isdisjoint({"today", "now", "utcnow", "time"})


@parametrise_modules(*PURE)
def test_pure_code_never_rounds_through_floating_point(path):
    tree = parsed(path)
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    numbers = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert called.isdisjoint({"float", "round"})
    assert not [number for number in numbers if isinstance(number, float)]


def test_board_report_knows_no_database():
    names = set(imports(ROOT / "scorecard" / "report" / "board.py"))
    assert not [
        name for name in names if within(name, "django") or "models" in name.split(".") or "reading" in name.split(".")
    ]


@pytest.mark.parametrize("name", ["board.py", "filters.py", "what_to_look_at.py"])
def test_only_assembling_reads_the_database(name):
    names = set(imports(ROOT / "scorecard" / "report" / name))
    assert not [found for found in names if within(found, "django.db") or "models" in found.split(".")]


@parametrise_modules("scorecard/display", "scorecard/files")
def test_what_shows_a_report_knows_no_database(path):
    names = set(imports(path))
    assert not [name for name in names if within(name, "django.db") or {"models", "reading"} & {*name.split(".")}]


@pytest.mark.parametrize("package", ORDER)
def test_modules_say_what_lives_in_them(package):
    bare = [
        str(path.relative_to(ROOT))
        for path in modules(package)
        if "migrations" not in path.parts and path.read_text().strip() and not ast.get_docstring(parsed(path))
    ]
    assert bare == []


COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))


@pytest.mark.parametrize("path", COMPONENTS, ids=[path.stem for path in COMPONENTS])
def test_component_says_on_its_first_line_what_it_expects(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("{# ")
    assert first.endswith(" #}")
    assert ":" in first or first == "{# Expects nothing. #}"


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=[str(path.relative_to(ROOT / "templates")) for path in TEMPLATES])
def test_component_is_included_with_only_what_it_expects(path):
    tags = [line for line in path.read_text(encoding="utf-8").split("{%") if line.strip().startswith("include ")]
    included = [tag.split("%}")[0].strip() for tag in tags]
    assert [tag for tag in included if "components/" in tag and not tag.endswith(" only")] == []


# The rules themselves are tried on code that breaks them.


def test_circle_is_found():
    edges = {"a": ["b"], "b": ["c", "d"], "c": [], "d": ["e"], "e": ["b"]}
    assert circle_in(edges) == ["b", "d", "e", "b"]
    assert circle_in({**edges, "e": []}) is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("import scorecard.models", "scorecard.models", id="import"),
        pytest.param("from scorecard import models", "scorecard.models", id="from a package"),
        pytest.param("def f():\n    from scorecard.models import Line", "scorecard.models", id="inside a function"),
        pytest.param("from ..vocabulary import Unit", "indicators.vocabulary", id="relative, one up"),
        pytest.param("from . import months", "indicators.calculations.months", id="relative, beside"),
        pytest.param("import_module('scorecard.models')", "scorecard.models", id="by name"),
        pytest.param("apps.get_model('scorecard.Line')", "scorecard.Line", id="a model by name"),
    ],
)
def test_import_is_found(code, expected, tmp_path, monkeypatch):
    monkeypatch.setattr("tests.test_architecture.ROOT", tmp_path)
    path = tmp_path / "indicators" / "calculations" / "new.py"
    path.parent.mkdir(parents=True)
    path.write_text(code)
    assert expected in set(imports(path))
