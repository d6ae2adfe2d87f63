"""
A small document store that speaks MongoDB's wire protocol: who are you, insert, find. Runs in a container.

What a write concern with `j` acknowledges is on disk. Sources: the specifications "MongoDB Wire Protocol",
"Authentication" and "Server Discovery And Monitoring" of MongoDB's drivers, and RFC 7677.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import signal
import socketserver
import struct
import sys
import threading
from pathlib import Path
from typing import Any

import bson

JOURNAL = Path("/data/db/journal.bson")
USER = os.environ.get("MONGO_INITDB_ROOT_USERNAME", "")
ROUNDS = 15000
OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
OPEN = {"hello", "ismaster", "ping", "buildinfo", "saslstart", "saslcontinue"}
WRITING = threading.Lock()

Document = dict[str, Any]
stored: dict[str, dict[Any, Document]] = {}


def password() -> str:
    """Of the administrator, by value or by file."""
    named = os.environ.get("MONGO_INITDB_ROOT_PASSWORD_FILE")
    return Path(named).read_text().strip() if named else os.environ.get("MONGO_INITDB_ROOT_PASSWORD", "")


def load() -> None:
    """What the journal tells; a torn document at its end was never acknowledged."""
    data = JOURNAL.read_bytes() if JOURNAL.exists() else b""
    at = 0
    while at + 4 <= len(data):
        (size,) = struct.unpack_from("<i", data, at)
        if at + size > len(data):
            break
        entry = bson.decode(data[at : at + size])
        stored.setdefault(entry["ns"], {})[entry["o"]["_id"]] = entry["o"]
        at += size
    with JOURNAL.open("ab") as journal:
        journal.truncate(at)


def insert(command: Document) -> Document:
    namespace = f"{command['$db']}.{command['insert']}"
    with WRITING, JOURNAL.open("ab") as journal:
        for document in command["documents"]:
            if document["_id"] in stored.get(namespace, {}):
                wrong = {"index": 0, "code": 11000, "errmsg": "E11000 duplicate key error"}
                return {"n": 0, "writeErrors": [wrong], "ok": 1.0}
            journal.write(bson.encode({"ns": namespace, "o": document}))
            stored.setdefault(namespace, {})[document["_id"]] = document
        journal.flush()
        if command.get("writeConcern", {}).get("j"):
            os.fsync(journal.fileno())
    return {"n": len(command["documents"]), "ok": 1.0}


def find(command: Document) -> Document:
    namespace = f"{command['$db']}.{command['find']}"
    batch = list(stored.get(namespace, {}).values())
    return {"cursor": {"id": bson.Int64(0), "ns": namespace, "firstBatch": batch}, "ok": 1.0}


def hello() -> Document:
    return {
        "ismaster": True, "isWritablePrimary": True, "helloOk": True, "maxBsonObjectSize": 16777216,
        "maxMessageSizeBytes": 48000000, "maxWriteBatchSize": 100000, "minWireVersion": 0, "maxWireVersion": 21,
        "readOnly": False, "saslSupportedMechs": ["SCRAM-SHA-256"], "ok": 1.0,
    }  # fmt: skip


def failed(code: int, name: str, message: str) -> Document:
    return {"ok": 0.0, "errmsg": message, "code": code, "codeName": name}


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    known = not USER
    first = nonce = salt = b""
    server_first = b""

    def handle(self) -> None:
        """Message after message."""
        while len(header := self.rfile.read(16)) == 16:
            size, request, _, code = struct.unpack("<iiii", header)
            body = self.rfile.read(size - 16)
            if code == OP_QUERY:
                end = body.index(b"\0", 4)
                command = bson.decode(body[end + 9 :])
                told = struct.pack("<iqii", 8, 0, 0, 1) + bson.encode(self.answer(command))
                self.send(OP_REPLY, request, told)
            elif code == OP_MSG:
                self.send(OP_MSG, request, struct.pack("<iB", 0, 0) + bson.encode(self.answer(message(body))))
            else:
                return

    def send(self, code: int, request: int, body: bytes) -> None:
        self.wfile.write(struct.pack("<iiii", len(body) + 16, 0, request, code) + body)

    def answer(self, command: Document) -> Document:
        name = next(iter(command)).lower()
        if name not in OPEN and not self.known:
            return failed(13, "Unauthorized", f"Command {name} requires authentication")
        if name in ("hello", "ismaster"):
            return hello()
        if name in ("ping", "endsessions"):
            return {"ok": 1.0}
        if name == "buildinfo":
            return {"version": "7.0.0", "versionArray": [7, 0, 0, 0], "ok": 1.0}
        if name == "saslstart":
            return self.challenge(bytes(command["payload"]))
        if name == "saslcontinue":
            return self.proof(bytes(command["payload"]))
        if name in ("insert", "find"):
            return insert(command) if name == "insert" else find(command)
        return failed(59, "CommandNotFound", f"no such command: {name}")

    def challenge(self, payload: bytes) -> Document:
        """SCRAM's first two messages."""
        self.first = payload.split(b",", 2)[2]
        theirs = dict(part.split(b"=", 1) for part in self.first.split(b","))
        self.nonce = theirs[b"r"] + base64.b64encode(secrets.token_bytes(18))
        self.salt = hashlib.sha256(USER.encode()).digest()[:28]
        self.server_first = b"r=%b,s=%b,i=%d" % (self.nonce, base64.b64encode(self.salt), ROUNDS)
        if theirs[b"n"].decode() != USER:
            return failed(18, "AuthenticationFailed", "Authentication failed.")
        return {"conversationId": 1, "done": False, "payload": self.server_first, "ok": 1.0}

    def proof(self, payload: bytes) -> Document:
        """SCRAM's last two messages."""
        without, _, proof = payload.rpartition(b",p=")
        salted = hashlib.pbkdf2_hmac("sha256", password().encode(), self.salt, ROUNDS)
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        signed = b",".join([self.first, self.server_first, without])
        signature = hmac.digest(hashlib.sha256(client_key).digest(), signed, "sha256")
        expected = bytes(a ^ b for a, b in zip(client_key, signature, strict=True))
        if b"r=" + self.nonce not in without or not hmac.compare_digest(expected, base64.b64decode(proof)):
            return failed(18, "AuthenticationFailed", "Authentication failed.")
        self.known = True
        server_key = hmac.digest(salted, b"Server Key", "sha256")
        told = b"v=" + base64.b64encode(hmac.digest(server_key, signed, "sha256"))
        return {"conversationId": 1, "done": True, "payload": told, "ok": 1.0}


def message(body: bytes) -> Document:
    """The command of an OP_MSG, with its documents where it sends them as a sequence of their own."""
    command: Document = {}
    at = 4
    while at < len(body):
        kind = body[at]
        (size,) = struct.unpack_from("<i", body, at + 1)
        if kind == 0:
            command |= bson.decode(body[at + 1 : at + 1 + size])
        else:
            section = body[at + 5 : at + 1 + size]
            name, _, documents = section.partition(b"\0")
            command[name.decode()] = bson.decode_all(documents)
        at += 1 + size
    return command


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    load()
    with Server(("0.0.0.0", 27017), Conversation) as server:
        server.serve_forever()
