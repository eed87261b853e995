"""The words in other languages: one LANGUAGE.po a language, as translators' editors read and write them (GNU gettext's format).

  catalogue.py generate OUT.cpp   every .po beside this file as one table (the build calls it)
  catalogue.py check              what is missing, left over, empty or has other placeholders than the English; status 1 if anything is
  catalogue.py update             brings every .po in line with the sources: new texts come in empty, old ones go
  catalogue.py new LANGUAGE       an empty LANGUAGE.po to start from

A new .po file is a new language: nothing else has to be written down.
English texts stand in the sources, in these marks: PORTOLAN_TR("…"), translated("…"), counted("one", "many"), qsTr("…"), translate("main", "…").
"""
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDERS = {"helpdesk": {".cpp"}, "wizard": {".cpp"}, "qml": {".qml"}, "providers/data": {".json"}}
LITERAL = r'"((?:[^"\\\n]|\\.)*)"'
LITERALS = rf"{LITERAL}(?:\s*{LITERAL})*"
ONE = re.compile(rf'(?:\bPORTOLAN_TR\(|\btranslated\(|\bqsTr\(|\btranslate\(\s*"main",)\s*({LITERALS})')
TWO = re.compile(rf"\bcounted\(\s*({LITERALS})\s*,\s*({LITERALS})")
NOTE = re.compile(r"//: (.*)")
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "'": "'"}
PLACEHOLDER = re.compile(r"\{[a-z]+\}|%[0-9]|%n")
PLURAL_RULE = re.compile(r"nplurals=([1-4]); plural=([n0-9 ()%!=<>&|?:]+);")


class Text:
    """One English text: its plural where it counts something, where it stands, and what translators should know of it."""

    def __init__(self, english: str, many: str | None = None):
        self.english, self.many, self.places, self.notes = english, many, [], []


class Entry:
    """One text of a .po file."""

    def __init__(self, line: int):
        self.line, self.english, self.many, self.forms, self.flags = line, "", None, {}, set()


def unquoted(literals: str) -> str:
    joined = "".join(re.findall(LITERAL, literals))
    return re.sub(r"\\(.)", lambda escape: ESCAPES.get(escape.group(1), escape.group(0)), joined)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def texts(root: pathlib.Path = ROOT) -> dict[str, Text]:
    """Every marked English text, in the order of the sources."""
    found: dict[str, Text] = {}

    def take(english: str, many: str | None, place: str, note: str) -> None:
        text = found.setdefault(english, Text(english, many))
        text.many = text.many or many
        if place not in text.places:
            text.places.append(place)
        if note and note not in text.notes:
            text.notes.append(note)

    for folder, kinds in FOLDERS.items():
        for file in sorted(path for path in (root / folder).glob("*") if path.suffix in kinds):
            source = file.read_text(encoding="utf-8")
            if file.suffix == ".json":
                if prepare := json.loads(source).get("prepare"):
                    take(prepare, None, folder, "what to do before a mail program can be used with this provider")
                continue
            place = file.relative_to(root).as_posix()
            hits = [(one.start(), unquoted(one.group(1)), None) for one in ONE.finditer(source)]
            hits += [(two.start(), unquoted(two.group(1)), unquoted(two.group(4))) for two in TWO.finditer(source)]
            for start, english, many in sorted(hits):
                before = source[:start].rsplit("\n", 2)[-2:]
                note = next((match.group(1) for line in reversed(before) if (match := NOTE.search(line))), "")
                take(english, english if "%n" in english else many, place, note)
    return found


def read_po(path: pathlib.Path) -> tuple[str, dict[str, Entry]]:
    """The header and the entries by their English text. Raises ValueError with the line that is wrong."""
    entries: dict[str, Entry] = {}
    entry, field = Entry(1), ""
    fields: dict[str, str] = {}
    flags: set[str] = set()

    def close() -> None:
        nonlocal entry, fields, flags
        if "msgid" in fields:
            entry.english, entry.many, entry.flags = fields.pop("msgid"), fields.pop("msgid_plural", None), flags
            entry.forms = {int(name[7:-1]) if name.endswith("]") else 0: text for name, text in fields.items()}
            if entry.english in entries:
                raise ValueError(f"{path.name}:{entry.line}: there twice: {entry.english}")
            entries[entry.english] = entry
        fields, flags = {}, set()

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if line.startswith("#,"):
            close()
            flags = {flag.strip() for flag in line[2:].split(",")}
        elif line.startswith("#") or not line:
            close() if not line else None
        elif match := re.fullmatch(rf'(msgid|msgid_plural|msgstr|msgstr\[[0-3]\])\s+{LITERAL}', line):
            field = match.group(1)
            if field == "msgid":
                kept = flags
                close()
                flags, entry = kept, Entry(number)
            fields[field] = unquoted(f'"{match.group(2)}"')
        elif (match := re.fullmatch(LITERAL, line)) and field in fields:
            fields[field] += unquoted(line)
        else:
            raise ValueError(f"{path.name}:{number}: not the format of a .po file: {line}")
    close()
    header = entries.pop("", Entry(1)).forms.get(0, "")
    return header, entries


def plural_rule(header: str) -> tuple[int, str]:
    match = PLURAL_RULE.search(header)
    if not match:
        raise ValueError("the header has no Plural-Forms")
    return int(match.group(1)), match.group(2).strip()


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def complaints(name: str, header: str, entries: dict[str, Entry], wanted: dict[str, Text]) -> list[str]:
    found = []
    count, _ = plural_rule(header)
    for english, text in wanted.items():
        if english not in entries:
            found.append(f"{name}: no entry for: {english}   ({text.places[0]})")
    for english, entry in entries.items():
        where = f"{name}:{entry.line}"
        if english not in wanted:
            found.append(f"{where}: left over, no source says it: {english}")
            continue
        if "fuzzy" in entry.flags:
            found.append(f"{where}: marked fuzzy: {english}")
        many = wanted[english].many
        if entry.many != many:
            found.append(f"{where}: the English for many is another one: {english}")
        if set(entry.forms) != set(range(count if many else 1)):
            found.append(f"{where}: {count if many else 1} forms are due: {english}")
        due = placeholders(english) | placeholders(many or "")
        for form, text in entry.forms.items():
            if not text.strip():
                found.append(f"{where}: empty: {english}")
            # The form for exactly one may say "one" in words; all the others need the number.
            elif placeholders(text) != due and not (many and form == 0 and placeholders(text) | {"{n}", "%n"} == due | {"{n}", "%n"}):
                found.append(f"{where}: other placeholders than the English: {english}")
            elif text != text.strip() or ("\n" in text) != ("\n" in english):
                found.append(f"{where}: blanks or line ends that the English has not: {english}")
            elif ("&" in english) != ("&" in text):
                found.append(f"{where}: the letter for the keyboard (&) is missing or too much: {english}")
    return found


def po_text(header: str, entries: dict[str, Entry], wanted: dict[str, Text]) -> str:
    count, _ = plural_rule(header)
    out = ['msgid ""', 'msgstr ""'] + [quoted(line + "\n") for line in header.splitlines()]
    for text in wanted.values():
        entry = entries.get(text.english, Entry(0))
        out += [""] + [f"#. {note}" for note in text.notes] + ["#: " + " ".join(text.places)]
        out += [f"#, {', '.join(sorted(entry.flags))}"] if entry.flags else []
        out.append("msgid " + quoted(text.english))
        if text.many:
            out.append("msgid_plural " + quoted(text.many))
            out += [f"msgstr[{form}] " + quoted(entry.forms.get(form, "")) for form in range(count)]
        else:
            out.append("msgstr " + quoted(entry.forms.get(0, "")))
    return "\n".join(out) + "\n"


def cpp_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"sv'


def generate(out: pathlib.Path) -> None:
    lines = ["// Made by helpdesk/language/catalogue.py from the .po files beside it.", '#include "helpdesk/language_table.hpp"', "",
             "namespace portolan {", "", "using namespace std::string_view_literals;", "", "namespace {", ""]
    languages = []
    for path in sorted(HERE.glob("*.po")):
        header, entries = read_po(path)
        count, rule = plural_rule(header)
        tag = path.stem
        languages.append(f'    {{"{tag}"sv, {tag}_texts, {tag}_form}},')
        lines.append(f"constexpr Translation {tag}_texts[] = {{")
        for entry in sorted(entries.values(), key=lambda one: one.english.encode()):
            forms = [cpp_text(entry.forms[form]) for form in sorted(entry.forms)]
            if any(entry.forms.values()) and "fuzzy" not in entry.flags:
                lines.append(f"    {{{cpp_text(entry.english)}, {{{', '.join(forms)}}}}},")
        lines += ["};", f"constexpr std::size_t {tag}_form([[maybe_unused]] std::uint64_t n) {{ return std::min<std::size_t>({rule}, {count - 1}); }}", ""]
    lines += ["constexpr Language all[] = {", *languages, "};", "", "}", "", "std::span<const Language> languages() { return all; }", "", "}"]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


NEW_HEADER = """Project-Id-Version: Portolan
Language: {tag}
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Plural-Forms: nplurals=2; plural=(n != 1);
"""


def main(words: list[str]) -> int:
    if len(words) == 2 and words[0] == "generate":
        generate(pathlib.Path(words[1]))
        return 0
    if len(words) == 2 and words[0] == "new" and re.fullmatch(r"[a-z]{2,3}", words[1]):
        path = HERE / f"{words[1]}.po"
        if path.exists():
            print(f"{path.name} is there already")
            return 1
        path.write_text(po_text(NEW_HEADER.format(tag=words[1]), {}, texts()), encoding="utf-8")
        return 0
    if words == ["update"]:
        for path in sorted(HERE.glob("*.po")):
            header, entries = read_po(path)
            path.write_text(po_text(header, entries, texts()), encoding="utf-8")
        return 0
    if words == ["check"]:
        wanted = texts()
        found = [one for path in sorted(HERE.glob("*.po")) for one in complaints(path.name, *read_po(path), wanted)]
        print("\n".join(found) or f"{len(wanted)} texts, each in {len(list(HERE.glob('*.po')))} other languages")
        return 1 if found else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
