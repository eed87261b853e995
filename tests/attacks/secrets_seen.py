"""The forms in which a password could stand somewhere."""

import base64
import quopri
import urllib.parse


def forms_of(password):
    """Bytes to look for, by name. base64 in its three alignments; whatever stands in front of it (SASL PLAIN has a name there)."""
    raw = password.encode()
    forms = {"plain": raw, "hexadecimal": raw.hex().encode(), "HEXADECIMAL": raw.hex().upper().encode(), "URL": urllib.parse.quote(password, safe="").encode(),
             "URL, form": urllib.parse.quote_plus(password).encode(), "UTF-16LE": password.encode("utf-16-le"), "UTF-16BE": password.encode("utf-16-be"),
             "quoted-printable": quopri.encodestring(raw), "JSON": password.replace("=", "\\u003d").encode(), "reversed": raw[::-1]}
    # Alignment n: the first characters depend on what stands before, the last on what follows.
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw)
        start, end = (shift * 8 + 5) // 6, (shift + len(raw)) * 8 // 6
        forms[f"base64, {shift} before"] = text[start:end]
    return {name: form for name, form in forms.items() if len(form) >= 8}
