"""What is shipped of others' work: writes it as CycloneDX, holds docs/licences.md to it, and asks for known weaknesses.

scripts/packages.py           checks; it fails on a licence that isn't allowed or not told, and on a known weakness
scripts/packages.py licences  writes docs/licences.md again, after packages have changed
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
SBOM = ROOT / "var" / "sbom.cdx.json"
LICENCES = ROOT / "docs" / "licences.md"
# What may be handed on with a program under MIT that imports it and doesn't change it.
ALLOWED = {"Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0"}
ALLOWED |= {"LGPL-2.0-or-later", "LGPL-3.0-only"}
# How older packages say it.
SAID = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "BSD Licence": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
# Several classifiers don't say whether one of them may be chosen: here its own page does.
CHOSEN = {"pyphen": "GPL-2.0-or-later OR LGPL-2.0-or-later OR MPL-1.1"}


class Package(NamedTuple):
    kind: str
    name: str
    version: str
    hashes: tuple[str, ...]
    licence: str


def shipped() -> list[Package]:
    """The packages of requirements/base.txt, and those of package-lock.json that the front end is built of.

    A licence is blank where the package isn't installed, because other systems or versions of Python need it.
    """
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements" / "base.txt").read_text())
    found = []
    for entry in entries:
        if pinned := re.match(r"([\w.-]+)(?:\[.*?\])?==([\w.!+-]+)", entry):
            name, version = pinned.groups()
            found.append(Package("pypi", name, version, tuple(re.findall(r"sha256:(\w+)", entry)), licence_of(name)))
    for path, about in json.loads((ROOT / "package-lock.json").read_text())["packages"].items():
        if path and not about.get("dev"):
            name = path.rpartition("node_modules/")[2]
            digest = base64.b64decode(about["integrity"].removeprefix("sha512-")).hex()
            found.append(Package("npm", name, about["version"], (digest,), about.get("license", "not told")))
    return found


def licence_of(name: str) -> str:
    """What an installed package says its licence is; blank if it isn't installed."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    given = (about.get("License-Expression") or about.get("License") or "").strip()
    told = SAID.get(given, given)
    if name in CHOSEN or is_allowed(told):
        return CHOSEN.get(name, told)
    classified = [text.rpartition(" :: ")[2] for text in about.get_all("Classifier", []) if text.startswith("License")]
    return " AND ".join(sorted(SAID.get(text, text) for text in classified)) or "not told"


def is_allowed(licence: str) -> bool:
    """Whether one of the alternatives has only allowed parts."""
    return any(all(part.strip(" ()") in ALLOWED for part in choice.split(" AND ")) for choice in licence.split(" OR "))


def sbom(packages: list[Package]) -> str:
    """The list in CycloneDX 1.6. Raises ValueError if it isn't valid."""
    version = re.findall(r'__version__ = "(.+)"', (ROOT / "scorecard" / "__init__.py").read_text())[0]
    bom = Bom()
    bom.metadata.component = Component(name="council-scorecard", version=version, type=ComponentType.APPLICATION)
    for one in packages:
        group, _, name = one.name.rpartition("/")
        algorithm = HashAlgorithm.SHA_512 if one.kind == "npm" else HashAlgorithm.SHA_256
        address = PackageURL(one.kind, group or None, name, one.version)
        bom.components.add(
            Component(
                name=name,
                group=group or None,
                version=one.version,
                type=ComponentType.LIBRARY,
                purl=address,
                bom_ref=str(address),
                # One for each file in which it comes: wheels for each system, and the source.
                hashes=[HashType(alg=algorithm, content=digest) for digest in one.hashes],
            )
        )
    bom.register_dependency(bom.metadata.component, bom.components)
    text = str(JsonV1Dot6(bom).output_as_string(indent=1))
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"The list of packages is not valid CycloneDX: {wrong}")
    return text


def told_licences() -> dict[str, str]:
    """Each package's licence in docs/licences.md."""
    text = LICENCES.read_text() if LICENCES.exists() else ""
    return dict(re.findall(r"^\| `(.+?)` \| (.+?) \|$", text, re.MULTILINE))


def wrong_licences(packages: list[Package], told: dict[str, str]) -> list[str]:
    """What is not allowed, not told or told otherwise, in words."""
    here = {one.name: one.licence or told.get(one.name, "") for one in packages}
    wrong = [
        f"{name}: the licence “{licence}” is not allowed" for name, licence in here.items() if not is_allowed(licence)
    ]
    if here != told:
        names = sorted(name for name in here.keys() | told.keys() if here.get(name) != told.get(name))
        wrong.append(
            f"docs/licences.md is out of date ({', '.join(names)}): .venv/bin/python scripts/packages.py licences"
        )
    return wrong


def write_licences(packages: list[Package]) -> None:
    """Write the list; of packages that aren't installed here it keeps what it said."""
    told = told_licences()
    rows = sorted(f"| `{one.name}` | {one.licence or told.get(one.name, 'not told')} |\n" for one in packages)
    LICENCES.write_text(
        "# Licences\n\nWhat is shipped with the scorecard, or installed for it, and under which licence it says it is. "
        "`scripts/packages.py licences` writes this list,\n`make check` holds it to what is installed. “BSD” is what "
        "packages say that don't say which.\n\n| Package | Licence |\n| --- | --- |\n" + "".join(rows)
    )


def audit(answer: str) -> tuple[list[str], str]:
    """Known weaknesses in pip-audit's answer, and what to say of packages that it couldn't ask about."""
    try:
        asked = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        why = answer.strip().rpartition("\n")[2][:150] or "it said nothing"
        return [], f"Known weaknesses could not be asked for: no answer from PyPI ({why})."
    known = [
        f"{one['name']} {one['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'none yet'}"
        for one in asked
        for found in one.get("vulns", ())
    ]
    left_out = sum("skip_reason" in one for one in asked)
    say = f"PyPI knows nothing of {left_out} of {len(asked)} packages, so nobody looked for their weaknesses."
    return known, say if left_out else ""


def ask_pip_audit() -> str:
    """What pip-audit answers, as JSON; what it complains of where it can't."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", "requirements/base.txt", "--require-hashes"]
    command += ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "5"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=40, check=False)
    except subprocess.TimeoutExpired:
        return "it took longer than 40 s"
    return done.stdout or done.stderr


def main() -> int:
    packages = shipped()
    if sys.argv[1:] == ["licences"]:
        write_licences(packages)
    SBOM.parent.mkdir(exist_ok=True)
    SBOM.write_text(sbom(packages))
    weaknesses, say = audit(ask_pip_audit())
    if say:
        print(f"    {say}")
    wrong = wrong_licences(packages, told_licences()) + weaknesses
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
