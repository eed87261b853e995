"""Arrows point down: fails on an include that points up, and on Qt below wizard/."""
import pathlib
import re
import sys
import tempfile

# folder -> the folders it may include, besides itself
ALLOWED = {
    "probe/account": [],
    "probe/wiping": [],
    "probe/net": ["probe/account"],
    "probe/dialog": ["probe/net", "probe/account"],
    "providers": ["probe/account"],
    "probe/discovery": ["providers", "probe/dialog", "probe/net", "probe/account"],
    "probe/trial": ["probe/discovery", "providers", "probe/dialog", "probe/net", "probe/account"],
    "probe": ["probe/trial", "probe/discovery", "providers", "probe/dialog", "probe/net", "probe/account"],
    "profiles": ["probe/account"],
    "demo": ["probe/net", "probe/account"],
    "helpdesk": ["probe", "probe/trial", "probe/discovery", "probe/dialog", "probe/net", "probe/account", "providers", "profiles", "demo"],
    "wizard": ["helpdesk", "probe", "probe/trial", "probe/discovery", "probe/dialog", "probe/net", "probe/account", "providers", "profiles", "demo"],
    "qml": [],
}
SOURCES = {".cpp", ".hpp", ".ipp", ".h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def folder_of(path: str) -> str:
    return path.rsplit("/", 1)[0] if "/" in path else ""


def complaints(root: pathlib.Path) -> list[str]:
    found = []
    for folder, allowed in ALLOWED.items():
        for file in sorted((root / folder).glob("*")):
            if file.suffix not in SOURCES:
                continue
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                bracket, name = match.groups()
                where = f"{folder}/{file.name}:{number}"
                if bracket == "<":
                    if folder not in ("wizard", "qml") and re.match(r"Q[A-Z]|Qt", name):
                        found.append(f"{where}: Qt below wizard/: {name}")
                    continue
                if "/" not in name:
                    if not (root / folder / name).exists() and name not in GENERATED:
                        found.append(f"{where}: not from the repository's root: {name}")
                    continue
                target = folder_of(name)
                if target != folder and target not in allowed:
                    found.append(f"{where}: points up or sideways: {name}")
    return found


GENERATED: set[str] = set()


def self_test() -> int:
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        (root / "probe/account").mkdir(parents=True)
        (root / "helpdesk").mkdir()
        bad = root / "probe/account/bad.hpp"
        bad.write_text('#include "helpdesk/words.hpp"\n#include <QObject>\n')
        good = root / "helpdesk/good.hpp"
        good.write_text('#include "probe/account/address.hpp"\n#include <string>\n')
        found = complaints(root)
    if len(found) == 2 and "points up" in found[0] and "Qt below" in found[1]:
        print("1 passed, 0 failed")
        return 0
    print(f"expected two complaints, got {found}")
    return 1


def main() -> int:
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    found = complaints(pathlib.Path(sys.argv[1]))
    print("\n".join(found) or "all arrows point down")
    return 1 if found else 0


sys.exit(main())
