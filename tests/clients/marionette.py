"""Thunderbird's remote control (Marionette): scripts that run with the rights of the program itself."""

import json
import socket

PORT = 2828


class Marionette:
    """One session. Frames are `<length>:<json>`; a command is [0, id, name, arguments], its answer [1, id, error, result]."""

    def __init__(self, connection):
        self._connection = connection
        self._stream = connection.makefile("rb")
        self._number = 0
        self._read()  # the greeting
        self._command("WebDriver:NewSession", {"capabilities": {}})
        self._command("Marionette:SetContext", {"value": "chrome"})

    @classmethod
    def connect(cls):
        """A session, or None while nobody listens yet."""
        try:
            return cls(socket.create_connection(("127.0.0.1", PORT), timeout=60))
        except ConnectionRefusedError:
            return None

    def run(self, script, *arguments):
        """The body of an async function; gives what it returns. `arguments` are its `args`."""
        wrapped = f"""
            const args = Array.from(arguments), done = args.pop();
            (async () => {{{script}}})().then(done, error => done({{error: String(error)}}));"""
        command = {"script": wrapped, "args": list(arguments), "scriptTimeout": 60000, "newSandbox": False}
        value = self._command("WebDriver:ExecuteAsyncScript", command)["value"]
        if isinstance(value, dict) and "error" in value:
            raise RuntimeError(value["error"])
        return value

    def quit(self):
        """Asks for an orderly end, so that everything is on disk."""
        self._command("Marionette:Quit", {"flags": ["eForceQuit"]})
        self.close()

    def close(self):
        self._stream.close()
        self._connection.close()

    def _command(self, name, arguments):
        self._number += 1
        text = json.dumps([0, self._number, name, arguments]).encode()
        self._connection.sendall(b"%d:%s" % (len(text), text))
        _, number, error, result = self._read()
        if error or number != self._number:
            raise RuntimeError(f"{name}: {error}")
        return result

    def _read(self):
        length = b""
        while not length.endswith(b":"):
            octet = self._stream.read(1)
            if not octet:
                raise EOFError("Thunderbird closed the connection")
            length += octet
        return json.loads(self._stream.read(int(length[:-1])))
