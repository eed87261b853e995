"""The README against the tree and the program: folders, files, pictures, and what the samples say is printed."""
import pathlib
import re
import subprocess
import sys
import tempfile

FOLDERS = {"probe", "providers", "profiles", "demo", "helpdesk", "wizard", "qml", "tests"}


def normal(text: str) -> str:
    """Dates and durations differ from day to day; how much was asked, agreed on and tested besides, with the order in which answers come."""
    text = re.sub(r"\d{4}-\d\d-\d\d", "DATE", text)
    text = re.sub(r"Seen at [\d:]+ UTC\s+\(probe p\d+\)", "Seen at TIME (probe PN)", text)
    text = re.sub(r"\d+ questions in [\d.]+ seconds", "N questions", text)
    text = re.sub(r"; \d+ more sources? says? the same", "", text)
    text = re.sub(r"(?<=\nAlso found\n)((?:  \S.*\n)+)", lambda rows: re.sub(r"(not tested|proven)$", "STATE", rows.group(1), flags=re.M), text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def sample_of(words: list[str], program: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run([program, *words], cwd=folder, capture_output=True, text=True, timeout=100).stdout


def main(root: pathlib.Path, program: str, update: bool) -> int:
    page = (root / "README.md").read_text(encoding="utf-8")
    wrong = []
    for folder in re.findall(r"^\| `([a-z/]+)` \|", page, re.M):
        if not (root / folder).is_dir():
            wrong.append(f"README.md names the folder {folder}, which is not there")
    named = {folder.split("/")[0] for folder in re.findall(r"^\| `([a-z/]+)` \|", page, re.M)}
    wrong += [f"README.md's map leaves out {folder}" for folder in sorted(FOLDERS - named)]
    for file in re.findall(r"`((?:[a-z_]+/)+[a-z_0-9]+\.(?:cpp|hpp|py|qml))`", page) + re.findall(r"\]\(([^)#:]+)\)", page):
        if not (root / file).is_file():
            wrong.append(f"README.md names {file}, which is not there")
    samples = re.findall(r"<!-- sample: portolan ([^>]*?) -->\n```text\n(.*?)```", page, re.S)
    if not samples:
        wrong.append("README.md shows no sample")
    for words, shown in samples:
        printed = sample_of(words.split(), program)
        if normal(printed) == normal(shown):
            continue
        if update:
            page = page.replace(f"<!-- sample: portolan {words} -->\n```text\n{shown}```", f"<!-- sample: portolan {words} -->\n```text\n{printed}```")
        else:
            wrong.append(f"README.md shows another output than `portolan {words}` prints:\n{printed}")
    if update:
        (root / "README.md").write_text(page, encoding="utf-8")
    print("\n".join(wrong) or f"{len(samples)} samples and the map agree with the tree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), str(pathlib.Path(sys.argv[2]).absolute()), "--update" in sys.argv))
