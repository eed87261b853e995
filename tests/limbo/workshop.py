"""Certificates made by the openssl command, each from a few lines of its own extension file."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = {"basicConstraints": "critical,CA:TRUE", "keyUsage": "critical,keyCertSign,cRLSign", "subjectKeyIdentifier": "hash"}
BETWEEN = {**ROOT, "authorityKeyIdentifier": "keyid:always"}
LEAF = {"keyUsage": "critical,digitalSignature", "extendedKeyUsage": "serverAuth", "subjectAltName": "DNS:mail.example.org",
        "subjectKeyIdentifier": "hash", "authorityKeyIdentifier": "keyid:always"}
KEYS = {"P-256": ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
        "P-192": ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime192v1"),
        "secp256k1": ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"),
        "explicit": ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"),
        "P-384": ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"),
        "RSA 512": ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:512"),
        "RSA 1024": ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"),
        "RSA 2048": ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
        # More than two primes are found sooner; whoever only has the public key cannot tell.
        "RSA 3072": ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-pkeyopt", "rsa_keygen_primes:3"),
        "RSA 4096": ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096", "-pkeyopt", "rsa_keygen_primes:4"),
        "RSA 8192": ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:8192", "-pkeyopt", "rsa_keygen_primes:5"),
        "RSA 2056": ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2056"),
        "RSA 2052": ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2052")}


@dataclass(frozen=True)
class Made:
    pem: str
    file: Path
    key: Path


def openssl(*arguments, stdin=None, check=True, starts=0):
    """With the clock put forward, or back, by `starts` days."""
    words = ["faketime", "-f", f"{starts:+d}d"] if starts else []
    done = subprocess.run([*words, "openssl", *map(str, arguments)], input=stdin, capture_output=True, timeout=60)
    if check and done.returncode:
        raise RuntimeError(f"openssl {' '.join(map(str, arguments))}: {done.stderr.decode(errors='replace')}")
    return done


class Workshop:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0
        self.keys = {}

    def path(self, suffix):
        self.count += 1
        return self.folder / f"{self.count}.{suffix}"

    def key(self, kind, holder):
        """One key for each holder: a root, an intermediate, a leaf keep theirs from case to case."""
        if (kind, holder) not in self.keys:
            file = self.path("key")
            openssl(*KEYS[kind], "-out", file)
            self.keys[kind, holder] = file
        return self.keys[kind, holder]

    def make(self, holder, extensions, issuer=None, subject=None, key="P-256", days=400, serial=None, digest="sha256", lines="", starts=0):
        """A certificate for `holder`, signed by `issuer` or by itself, valid for `days` from `starts` days after today on; extensions that are None are
        left out, `lines` go into the file as they are."""
        file, request, sheet = self.path("pem"), self.path("csr"), self.path("cnf")
        mine = self.key(key, holder)
        text = "".join(f"{name} = {value}\n" for name, value in extensions.items() if value is not None)
        sheet.write_text(f"[extensions]\n{text}{lines}\n")
        name = f"/CN={holder}" if subject is None else subject
        openssl("req", "-new", "-key", mine, "-subj", name or "/", "-out", request)
        signer = ("-CA", issuer.file, "-CAkey", issuer.key) if issuer else ("-signkey", mine)
        number = ("-set_serial", serial) if serial is not None else ("-set_serial", str(1000 + self.count))
        openssl("x509", "-req", "-in", request, *signer, *number, "-days", days, f"-{digest}", "-extfile", sheet, "-extensions", "extensions", "-out", file,
                starts=starts)
        return Made(file.read_text(), file, mine)

    def revocation_list(self, issuer, revoked=(), number=True, days=30):
        """A list of `issuer`'s with the certificates in `revoked` on it."""
        self.count += 1
        folder = self.folder / f"ca-{self.count}"
        folder.mkdir()
        (folder / "index.txt").touch()
        (folder / "number").write_text("01\n")
        numbered = f"crlnumber = {folder}/number\n" if number else ""
        (folder / "ca.cnf").write_text(f"[ca]\ndefault_ca = this\n[this]\ndatabase = {folder}/index.txt\n{numbered}default_md = sha256\n"
                                       f"crl_extensions = list\n[list]\nauthorityKeyIdentifier = keyid:always\n")
        common = ("ca", "-config", folder / "ca.cnf", "-cert", issuer.file, "-keyfile", issuer.key)
        for one in revoked:
            openssl(*common, "-revoke", one.file)
        return openssl(*common, "-gencrl", "-crldays", days).stdout.decode()
