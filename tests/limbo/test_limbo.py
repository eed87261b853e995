"""`portolan judge` on chains made here, each with one rule broken, beside `openssl verify -x509_strict`; and on x509-limbo where it is at hand.

    [PORTOLAN_LIMBO=limbo.json] python3 tests/limbo/test_limbo.py PORTOLAN [unittest's arguments]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cases import CASES
from workshop import BETWEEN, LEAF, ROOT, Workshop, openssl

PORTOLAN = ""
TODAY = datetime.now(timezone.utc).replace(microsecond=0)


def build(workshop, case):
    """The case in x509-limbo's form."""
    make = {place: case.make.get(place, {}) for place in ("root", "between", "leaf")}
    root = workshop.make("root", {**ROOT, **case.root}, **make["root"])
    issuer, between = root, []
    for i, edits in enumerate(case.between):
        issuer = workshop.make(f"between {i}", {**BETWEEN, **edits}, issuer, **make["between"])
        between.append(issuer)
    leaf = workshop.make("leaf", {**LEAF, **case.leaf}, issuer, **make["leaf"])
    moment = TODAY + timedelta(days=case.after_days)
    if case.at_end is not None:
        end = openssl("x509", "-in", leaf.file, "-noout", "-enddate").stdout.decode().strip().removeprefix("notAfter=")
        moment = datetime.strptime(end, "%b %d %H:%M:%S %Y GMT").replace(tzinfo=timezone.utc) + timedelta(seconds=case.at_end)
    trusted, others = ([root], between) if case.anchor == "root" else ([between[0]], [root, *between[1:]])
    return testcase(case.name, leaf, trusted, others if case.sent else [], case.asked, moment, case.depth)


def testcase(name, leaf, trusted, others, asked=("DNS", "mail.example.org"), moment=TODAY + timedelta(days=1), depth=None, crls=()):
    return {"id": name, "validation_kind": "SERVER", "peer_certificate": leaf.pem, "trusted_certs": [one.pem for one in trusted],
            "untrusted_intermediates": [one.pem for one in others], "validation_time": moment.isoformat(),
            "expected_peer_name": {"kind": asked[0], "value": asked[1]}, "max_chain_depth": depth, "crls": list(crls)}


def judge(cases, **more):
    done = subprocess.run([PORTOLAN, "judge"], input=json.dumps({"version": 1, "testcases": cases}).encode(), capture_output=True, timeout=120, **more)
    if done.returncode:
        raise AssertionError(done.stderr.decode())
    answer = json.loads(done.stdout)
    return {one["id"]: one for one in answer["results"]}


def openssl_says(folder, case):
    files = {}
    for name, texts in (("trusted", case["trusted_certs"]), ("others", case["untrusted_intermediates"]), ("leaf", [case["peer_certificate"]])):
        files[name] = folder / f"verify-{name}.pem"
        files[name].write_text("".join(texts))
    kind, value = case["expected_peer_name"]["kind"], case["expected_peer_name"]["value"]
    words = ["verify", "-x509_strict", "-no-CApath", "-no-CAstore", "-purpose", "sslserver", "-attime", str(int(datetime.fromisoformat(case["validation_time"]).timestamp())),
             "-verify_ip" if kind == "IP" else "-verify_hostname", value, "-CAfile", files["trusted"]]
    if case["untrusted_intermediates"]:
        words += ["-untrusted", files["others"]]
    if case["max_chain_depth"] is not None:
        words += ["-verify_depth", str(case["max_chain_depth"])]
    return openssl(*words, files["leaf"], check=False).returncode == 0


class Limbo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.place.name)
        cls.workshop = Workshop(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def test_every_rule_is_named_by_itself(self):
        cases = [build(self.workshop, case) for case in CASES]
        self.assertEqual(len({case["id"] for case in cases}), len(cases))
        results = judge(cases)
        theirs = 0
        print(f"{'case':64} {'portolan':28} openssl", file=sys.stderr)
        for case, made in zip(CASES, cases):
            result, other = results[case.name], openssl_says(self.folder, made)
            theirs += other == (not case.reason)
            said = result["context"] or "good"
            mark = "" if other == (not case.reason) else "  <- wrong"
            print(f"{case.name:64} {said:28} {'good' if other else 'refused'}{mark}", file=sys.stderr)
            with self.subTest(case.name):
                self.assertEqual(result["actual_result"], "FAILURE" if case.reason else "SUCCESS", said)
                if case.reason:
                    self.assertIn(case.reason, [reason.split()[0] for reason in said.split(", ")])
        print(f"openssl verify -x509_strict is right in {theirs} of {len(CASES)}", file=sys.stderr)
        self.assertLess(theirs, len(CASES))

    def test_revocation_lists_count_for_their_issuer_while_they_are_current(self):
        make = self.workshop.make
        root = make("root", ROOT)
        silent = make("root", {**ROOT, "keyUsage": "critical,keyCertSign"})
        other = make("other root", ROOT)
        leaf = make("leaf", LEAF, root)
        lists = self.workshop.revocation_list
        rows = [("on the list", [lists(root, [leaf])], root, 1, "revoked 0"),
                ("not on the list", [lists(root)], root, 1, None),
                ("on another issuer's list", [lists(other, [leaf])], root, 1, None),
                ("a list without a number", [lists(root, number=False)], root, 1, "revocation-unknown 0"),
                ("a list that has run out", [lists(root)], root, 40, "revocation-unknown 0"),
                ("a list of an issuer that signs none", [lists(root)], silent, 1, "revocation-unknown 0")]
        cases = [testcase(name, leaf, [anchor], [], moment=TODAY + timedelta(days=days), crls=crls) for name, crls, anchor, days, _ in rows]
        results = judge(cases)
        for name, _, _, _, reason in rows:
            with self.subTest(name):
                self.assertEqual(results[name]["context"], reason)

    def test_hostile_chains_end_within_a_second(self):
        make = self.workshop.make
        root = make("root", ROOT)
        ring = [make("ring", {**ROOT}, subject="/CN=ring", serial=str(5000 + i)) for i in range(60)]
        lost = make("leaf", LEAF, ring[0])
        links = [root]
        for i in range(29):
            links.append(make(f"link {i}", BETWEEN, links[-1]))
        deep = make("leaf", LEAF, links[-1])
        many = make("leaf", {**LEAF, "subjectAltName": "@names"}, root, lines="[names]\n" + "".join(f"DNS.{i} = h{i}.example.org\n" for i in range(10000)))
        bounds = "".join(f"excluded;DNS.{i} = x{i}.example.net\n" for i in range(3000))
        tight = make("tight", {**ROOT, "nameConstraints": "critical,@bounds"}, lines=f"[bounds]\n{bounds}")
        crowd = make("leaf", {**LEAF, "subjectAltName": "@names"}, tight, lines="[names]\n" + "".join(f"DNS.{i} = h{i}.example.org\n" for i in range(3000)))
        rows = [("sixty authorities of one name and key", testcase("ring", lost, [root], ring), "too-complex"),
                ("thirty links", testcase("deep", deep, [root], links[:0:-1]), None),
                ("ten thousand names", testcase("many", many, [root], [], ("DNS", "h9999.example.org")), None),
                ("three thousand names and constraints", testcase("crowd", crowd, [tight], [], ("DNS", "h1.example.org")), "constraints-too-many")]
        for name, case, reason in rows:
            with self.subTest(name):
                began = time.monotonic()
                result = judge([case])[case["id"]]
                spent = time.monotonic() - began
                print(f"{name}: {spent:.2f} s", file=sys.stderr)
                self.assertEqual(result["actual_result"], "FAILURE" if reason else "SUCCESS", result["context"])
                if reason:
                    self.assertIn(reason, result["context"])
                self.assertLess(spent, 1.0)

    def test_what_is_no_suite_is_one_line_and_status_2(self):
        for text in (b"", b"{", b"[]", b"{}", b'{"testcases": 1}', b'{"testcases": [1]}', b'{"testcases": [{}]}',
                     b'{"testcases": [{"id": "a", "trusted_certs": 1}]}', b'{"testcases": [{"id": "a", "expected_peer_name": {"kind": "X"}}]}',
                     b'{"testcases": [{"id": "a", "validation_time": "yesterday"}]}', b"[" * 100000, b" " * (64 * 1024 * 1024 + 1)):
            with self.subTest(text[:40]):
                done = subprocess.run([PORTOLAN, "judge"], input=text, capture_output=True, timeout=60)
                self.assertEqual((done.returncode, done.stdout), (2, b""))
                self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)

    def test_a_broken_certificate_is_a_failure_with_its_reason(self):
        root = self.workshop.make("root", ROOT)
        leaf = self.workshop.make("leaf", LEAF, root)
        good = testcase("good", leaf, [root], [])
        results = judge([{**good, "id": "leaf", "peer_certificate": "no certificate"}, {**good, "id": "anchor", "trusted_certs": ["none"]},
                         {**good, "id": "list", "crls": ["none"]}, {**good, "id": "others", "untrusted_intermediates": ["none"]}, good])
        self.assertEqual({name: one["context"] for name, one in results.items()},
                         {"leaf": "leaf-unreadable", "anchor": "anchor-unreadable", "list": "list-unreadable", "others": None, "good": None})

    @unittest.skipUnless(os.environ.get("PORTOLAN_LIMBO"), "PORTOLAN_LIMBO names no suite")
    def test_the_suite_that_is_named(self):
        suite = json.loads(Path(os.environ["PORTOLAN_LIMBO"]).read_text())["testcases"]
        results = judge(suite)
        servers = [case for case in suite if case["validation_kind"] == "SERVER"]
        wrong = [case for case in servers if results[case["id"]]["actual_result"] != case["expected_result"]]
        for case in wrong:
            print(f"{case['id']}: expected {case['expected_result']}, {results[case['id']]['context']} {case['features']}", file=sys.stderr)
        print(f"{len(servers) - len(wrong)} of {len(servers)} server cases", file=sys.stderr)
        accepted = [case["id"] for case in wrong if case["expected_result"] == "FAILURE" and not any("pedantic" in one for one in case["features"])]
        self.assertEqual(accepted, [])
        self.assertGreaterEqual(len(servers) - len(wrong), len(servers) * 170 // 183)


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        raise SystemExit(__doc__)
    PORTOLAN = os.path.abspath(sys.argv[1])
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
