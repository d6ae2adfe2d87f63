"""
The trial measured: how long, how exact, how soon everything is gone after our death.

    python tests/bench/bench_trial.py IMAGE [RUNS]

RUNS trials of the example (default 3): seconds, findings (there must be none), lateness and cost of the prober; then
what a sidecar and each injection cost, the time from a SIGKILL in the middle of an experiment until nothing of ours is
left, and, of stacks with one weakness each, which check caught it.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Set
from contextlib import closing
from pathlib import Path
from typing import Any

from bench_harness import ROOT

sys.path.insert(0, str(ROOT / "tests" / "trial"))
from stacks import OUT_OF_MEMORY, WEAKNESSES, lay_out, small

from seatrial.lab.engine import LABEL, DockerEngine
from seatrial.lab.probes import Probe, Prober

RESTART = "compose/restart-policy"
NETWORK = "".join(f"  {s}: {{build: {{network: host}}}}\n" for s in ("api", "worker", "store"))


def example(where: Path) -> Path:
    """The example; images are built on the machine's own network."""
    shutil.copytree(ROOT / "examples" / "storefront", where, ignore=shutil.ignore_patterns("seatrial-report"))
    (where / "network.yaml").write_text(f"services:\n{NETWORK}", "utf-8")
    (where / ".seatrial.yml").write_text("version: 1\nchaos:\n  files: [compose.yaml, network.yaml]\n", "utf-8")
    return where


def command(root: Path, image: str, reports: Path) -> list[str]:
    words = [sys.executable, "-m", "seatrial", "run", str(root), "--trial", "--trial-image", image, "--only", "trial"]
    return [*words, "--fail-on", "never", "--report-dir", str(reports)]


def trial(root: Path, image: str, reports: Path) -> dict[str, Any]:
    """One trial: its report."""
    done = subprocess.run(command(root, image, reports), check=False, capture_output=True, text=True)
    if done.returncode not in (0, 3):  # nothing else is asked, so the verdict is inconclusive, or closed if told so
        raise SystemExit(f"the trial ended with {done.returncode}: {done.stderr[-500:]}")
    report: dict[str, Any] = json.loads((reports / "report.json").read_text("utf-8"))
    return report


def figures(report: dict[str, Any]) -> dict[str, float]:
    """A trial's measurements and the number of its findings."""
    start = next(c for c in report["checks"] if c["id"] == "trial/start")
    told = {m["name"]: float(m["value"]) for m in start["measurements"]}
    return told | {"findings": len(report["findings"])}


def injections(report: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Each experiment's fault, and seconds until it was on."""
    for check in report["checks"]:
        for one in check["experiments"]:
            yield from ((one["fault"], float(m["at"])) for m in one["timeline"] if m["text"] == "fault on")


def detection(image: str, folder: Path) -> None:
    """The table: weakness, who must catch it, whether it did and whether anything else was told."""
    for number, seeded in enumerate(WEAKNESSES):
        report = trial(seeded.lay_out(folder / f"weak{number}"), image, folder / f"weak-reports{number}")
        _row(seeded.name, {seeded.rule}, report)
    leak = lay_out(folder / "leak", small("leak"), [{"overload": "api"}])
    _row("memory leak to OOM", OUT_OF_MEMORY, trial(leak, image, folder / "leak-reports"))
    mortal, reports = (
        lay_out(folder / "mortal", small().replace("    restart: unless-stopped\n", "")),
        folder / "mortal-reports",
    )
    words = [sys.executable, "-m", "seatrial", "run", str(mortal), "--only", "compose", "--fail-on", "never", "--quiet"]
    subprocess.run([*words, "--report-dir", str(reports)], check=False, capture_output=True)
    found = {f["rule"] for f in json.loads((reports / "report.json").read_text("utf-8"))["findings"]}
    print(f"{'no restart policy':<28} {RESTART:<28} {'caught' if RESTART in found else 'MISSED'}, without starting it")


def _row(name: str, wanted: Set[str], report: dict[str, Any]) -> None:
    told = {f["rule"].partition("/")[2] for f in report["findings"]}
    rule = next(iter(sorted(wanted & told)), min(wanted))
    more = f", and {', '.join(sorted(told - wanted))}" if told - wanted else ""
    print(f"{name:<28} {'trial/' + rule:<28} {'caught' if wanted & told else 'MISSED'}{more}")


def death(root: Path, image: str, reports: Path, left: Callable[[], bool]) -> float:
    """Seconds from our death until nothing of ours is left."""
    running = subprocess.Popen(
        command(root, image, reports), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    next(line for line in running.stderr if "partition" in line)
    time.sleep(1.5)
    os.kill(running.pid, signal.SIGKILL)
    began = time.monotonic()
    running.communicate()
    while left():
        time.sleep(0.02)
    return time.monotonic() - began


def prober(seconds: float = 5.0) -> tuple[float, float]:
    """Share of a core that three probes cost, and the 99th percentile of their lateness; nobody answers, at once."""
    probes = [Probe(name, "tcp", 9) for name in "abc"]
    used = time.process_time()
    with Prober(probes, lambda _service: "127.0.0.1") as asking:
        time.sleep(seconds)
    late = sorted(asking.lateness)
    return (time.process_time() - used) / seconds, late[int(len(late) * 0.99)]


def main(image: str, runs: int) -> None:
    share, late = prober()
    print(f"prober: {100 * share:.1f} % of a core for 3 probes, lateness p99 {1000 * late:.1f} ms")
    with closing(DockerEngine(f"seatrial-{secrets.token_hex(4)}")) as engine, tempfile.TemporaryDirectory() as folder:
        times = []
        for _ in range(10):
            began = time.perf_counter()
            engine.run_sidecar(image, ["true"])
            times.append(time.perf_counter() - began)
        print(f"sidecar: {1000 * statistics.median(times):.0f} ms (max {1000 * max(times):.0f})")
        root, reports = example(Path(folder) / "storefront"), Path(folder) / "reports"
        whole = [trial(root, image, reports) for _ in range(runs)]
        told = [figures(report) for report in whole]
        for name in ("trial", "start", "probe lateness p99", "findings"):
            values = [t[name] for t in told]
            print(
                f"{name}: median {statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f}, {runs} runs)"
            )

        by_fault: dict[str, list[float]] = {}
        for fault, seconds in (pair for report in whole for pair in injections(report)):
            by_fault.setdefault(fault, []).append(seconds)
        on = ", ".join(f"{fault} {statistics.median(seconds):.2f} s" for fault, seconds in sorted(by_fault.items()))
        print(f"until the fault is on, median: {on}")

        def left() -> bool:
            return bool(engine.client.containers.list(all=True, filters={"label": LABEL}, ignore_removed=True)) or bool(
                engine.client.networks.list(filters={"label": LABEL})
                or engine.client.volumes.list(filters={"label": LABEL})
            )

        gone = [death(root, image, reports, left) for _ in range(3)]
        print(f"after SIGKILL nothing is left within {max(gone):.2f} s (median {statistics.median(gone):.2f}, 3 times)")
        detection(image, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3)
