"""A local bot API server for development: a user writes every half second."""
import json
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def answer(self, result):
        body = json.dumps({"ok": True, "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if "/getUpdates" not in self.path:
            return self.answer({"id": 1, "is_bot": True})
        time.sleep(0.5)
        number = int(time.time() * 2)
        self.answer([{"update_id": number, "message": {"chat": {"id": 7}, "text": "hello"}}])

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer({"message_id": 1})

    def log_message(self, *args):
        pass


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
ThreadingHTTPServer(("0.0.0.0", 8081), Handler).serve_forever()
