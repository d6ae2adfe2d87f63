"""
How well the load generator measures: its percentiles beside those of k6, on the same load against known delays.

    python tests/bench/bench_load.py [SECONDS] [USERS]

A server answers every 100 requests with 80 delays of 50 ms, 17 of 150 ms and 3 of 500 ms, in a fixed order. USERS
(default 50) ask it for SECONDS (default 20) each, first by the generator of the trial, then by k6. Ends with 1 if a
percentile of Locust is more than 10 % from that of k6, and with 2 where k6 is not installed
(`go install go.k6.io/k6@v1.1.0`).
"""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from seatrial.domain.load_profile import Executor, LoadProfile, LoadRequest, LoadStage
from seatrial.lab.load.script import LoadScript
from seatrial.lab.load.sidecar import read
from seatrial.lab.load.tally import total

DELAYS = (0.05,) * 80 + (0.15,) * 17 + (0.5,) * 3
KNOWN = {"p50": 0.05, "p95": 0.15, "p99": 0.5}
PAUSE = 0.2
"""Seconds between two requests of a user, on average."""
NEAR = 0.1
SCRIPT = """\
import http from 'k6/http';
import { sleep } from 'k6';
export const options = {
  scenarios: { all: { executor: 'constant-vus', vus: %(users)d, duration: '%(seconds)ds' } },
  summaryTrendStats: ['p(50)', 'p(95)', 'p(99)', 'count'],
};
export default function () {
  http.get('http://127.0.0.1:%(port)d/');
  sleep(%(pause)f * (0.5 + Math.random()));
}
export function handleSummary(data) { return { stdout: JSON.stringify(data.metrics.http_req_duration.values) }; }
"""


async def serve(port: int) -> None:
    """Answer after the next delay, over connections that stay open."""
    order = list(DELAYS)
    random.Random(1).shuffle(order)
    number = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal number
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                number += 1
                await asyncio.sleep(order[number % len(order)])
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", port) as server:
        await server.serve_forever()


def locust(port: int, seconds: int, users: int) -> tuple[str, Mapping[str, float], int]:
    """Engine, percentiles in seconds, and requests."""
    profile = LoadProfile(
        name="bench", executor=Executor.CONSTANT_VUS, stages=(LoadStage(seconds, users),), start=users, sleep=PAUSE,
        requests=(LoadRequest("server", port),),
    )  # fmt: skip
    script = LoadScript(profile, {"server": "127.0.0.1"}).text()
    command = [sys.executable, "-m", "seatrial.lab.load.generator", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 60)
    made = read(done.stdout, done.returncode, done.stderr)
    tally = total(made.slices)
    found = {name: tally.durations.percentile(int(name[1:]) / 100) or 0.0 for name in KNOWN}
    return made.engine, found, tally.requests


def k6(port: int, seconds: int, users: int) -> tuple[str, Mapping[str, float], int]:
    """The same by k6."""
    version = subprocess.run(["k6", "version"], capture_output=True, text=True, check=True, timeout=30).stdout.split()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.js"
        script.write_text(SCRIPT % {"users": users, "seconds": seconds, "port": port, "pause": PAUSE}, "utf-8")
        command = ["k6", "run", "--quiet", "--no-usage-report", str(script)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60)
    told = json.loads(done.stdout)
    return f"k6 {version[1]}", {name: told[f"p({name[1:]})"] / 1000 for name in KNOWN}, int(told["count"])


def main(seconds: int, users: int) -> int:
    """Measure, and print a table."""
    if shutil.which("k6") is None:
        print("k6 is not installed: go install go.k6.io/k6@v1.1.0")
        return 2
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    server = subprocess.Popen([sys.executable, __file__, "--serve", str(port)])
    try:
        time.sleep(1)
        results = [locust(port, seconds, users), k6(port, seconds, users)]
    finally:
        server.kill()
        server.wait()
    print(f"{users} users, {seconds} s each, a pause of {PAUSE} s\n")
    print("| | requests | " + " | ".join(KNOWN) + " |\n|---|---|" + "---|" * len(KNOWN))
    print("| known delays | | " + " | ".join(f"{1000 * value:.0f} ms" for value in KNOWN.values()) + " |")
    for name, found, requests in results:
        print(f"| {name} | {requests} | " + " | ".join(f"{1000 * found[p]:.1f} ms" for p in KNOWN) + " |")
    ratios = {p: results[0][1][p] / results[1][1][p] for p in KNOWN}
    print("| ratio | | " + " | ".join(f"{ratio:.3f}" for ratio in ratios.values()) + " |")
    return int(any(abs(ratio - 1) > NEAR for ratio in ratios.values()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        asyncio.run(serve(int(sys.argv[2])))
    else:
        sys.exit(main(*(int(word) for word in sys.argv[1:] or ("20", "50"))))
