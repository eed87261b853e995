"""Every text in every language, and a checker that notices each way in which a translation can be wrong."""
import importlib.util
import pathlib
import re
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("catalogue", ROOT / "helpdesk/language/catalogue.py")
catalogue = importlib.util.module_from_spec(spec)
spec.loader.exec_module(catalogue)

HEADER = "Plural-Forms: nplurals=2; plural=(n != 1);\\n"


class Translations(unittest.TestCase):
    def languages(self):
        for path in sorted(catalogue.HERE.glob("*.po")):
            yield path, *catalogue.read_po(path)

    def test_every_text_has_its_entry_in_every_language(self):
        wanted = catalogue.texts()
        self.assertGreater(len(wanted), 900)
        self.assertEqual([path.stem for path, *_ in self.languages()], ["de", "fr"])
        for path, header, entries in self.languages():
            self.assertEqual(catalogue.complaints(path.name, header, entries, wanted), [])

    def test_the_files_stand_as_update_would_write_them(self):
        wanted = catalogue.texts()
        for path, header, entries in self.languages():
            self.assertEqual(path.read_text(encoding="utf-8"), catalogue.po_text(header, entries, wanted), path.name)

    def test_no_sentence_is_glued_from_pieces(self):
        glued = re.compile(r'(?:PORTOLAN_TR|qsTr)\("(?:[^"\\]|\\.)*"\)\s*\+|\+\s*(?:PORTOLAN_TR|qsTr)\(')
        self.assertRegex('PORTOLAN_TR("has no ") + field', glued)
        self.assertRegex('name + qsTr(", encrypted")', glued)
        for english in catalogue.texts():
            self.assertIsNone(re.search(r"^[\s,;:.]|\s$", english), english)
        for folder, kinds in catalogue.FOLDERS.items():
            for file in sorted(path for path in (ROOT / folder).glob("*") if path.suffix in kinds - {".json"}):
                for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                    self.assertIsNone(glued.search(line), f"{file.name}:{number}: {line.strip()}")

    def test_french_sets_its_marks_off_and_never_at_the_start_of_a_line(self):
        _, entries = catalogue.read_po(catalogue.HERE / "fr.po")
        for english, entry in entries.items():
            for text in entry.forms.values():
                bare = re.sub(r"FREE!|Yahoo!", "", text)
                self.assertIsNone(re.search(r" [:;?!»]|« ", bare), text)
                self.assertIsNone(re.search(r"[^\u00a0\u202f:;?!][;?!]|\w:(?= )", bare), text)
                self.assertNotIn("'", bare)

    def test_german_quotes_are_german(self):
        _, entries = catalogue.read_po(catalogue.HERE / "de.po")
        for english, entry in entries.items():
            for text in entry.forms.values():
                self.assertEqual(text.count("„"), text.count("“"), text)
                self.assertNotIn("”", text)
                self.assertIsNone(re.search(r"\b(du|dein|deine|dich|dir)\b", text), text)


class Checker(unittest.TestCase):
    def complaints(self, body: str, header: str = HEADER, wanted=None):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / "xx.po"
        path.write_text(f'msgid ""\nmsgstr ""\n"{header}"\n\n{body}', encoding="utf-8")
        read_header, entries = catalogue.read_po(path)
        if wanted is None:
            text = catalogue.Text("The host {host} is away.")
            text.places.append("helpdesk/words.cpp")
            wanted = {text.english: text}
        return catalogue.complaints("xx.po", read_header, entries, wanted)

    def test_a_good_entry_passes(self):
        self.assertEqual(self.complaints('msgid "The host {host} is away."\nmsgstr "{host} ist weg."\n'), [])

    def test_an_entry_over_several_lines_is_one_text(self):
        self.assertEqual(self.complaints('msgid ""\n"The host {host} "\n"is away."\nmsgstr ""\n"{host} "\n"ist weg."\n'), [])

    def test_each_fault_is_named(self):
        rows = [
            ("", "no entry for"),
            ('msgid "The host {host} is away."\nmsgstr ""\n', "empty"),
            ('msgid "The host {host} is away."\nmsgstr "{hosts} ist weg."\n', "other placeholders"),
            ('msgid "The host {host} is away."\nmsgstr "Der Server ist weg."\n', "other placeholders"),
            ('msgid "The host {host} is away."\nmsgstr "{host} ist weg. "\n', "blanks"),
            ('msgid "The host {host} is away."\nmsgstr "{host} ist &weg."\n', "keyboard"),
            ('#, fuzzy\nmsgid "The host {host} is away."\nmsgstr "{host} ist weg."\n', "fuzzy"),
            ('msgid "The host {host} is away."\nmsgstr "{host} ist weg."\n\nmsgid "Gone."\nmsgstr "Weg."\n', "left over"),
        ]
        for body, complaint in rows:
            with self.subTest(complaint):
                found = self.complaints(body)
                self.assertEqual(len(found), 1, found)
                self.assertIn(complaint, found[0])

    def test_a_text_that_counts_needs_every_form(self):
        text = catalogue.Text("{n} file", "{n} files")
        text.places.append("helpdesk/text.cpp")
        wanted = {text.english: text}
        good = 'msgid "{n} file"\nmsgid_plural "{n} files"\nmsgstr[0] "eine Datei"\nmsgstr[1] "{n} Dateien"\n'
        self.assertEqual(self.complaints(good, wanted=wanted), [])
        self.assertIn("forms are due", self.complaints(good.replace('msgstr[1] "{n} Dateien"\n', ""), wanted=wanted)[0])
        self.assertIn("other placeholders", self.complaints(good.replace("{n} Dateien", "viele Dateien"), wanted=wanted)[0])

    def test_what_is_no_po_file_is_refused_with_its_line(self):
        with self.assertRaisesRegex(ValueError, "xx.po:5"):
            self.complaints("msgid The host\n")
        with self.assertRaisesRegex(ValueError, "there twice"):
            self.complaints('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n')
        with self.assertRaisesRegex(ValueError, "Plural-Forms"):
            self.complaints('msgid "a"\nmsgstr "b"\n', header="Language: xx\\n")
        with self.assertRaisesRegex(ValueError, "Plural-Forms"):
            self.complaints('msgid "a"\nmsgstr "b"\n', header="Plural-Forms: nplurals=2; plural=system(n);\\n")


unittest.main()
