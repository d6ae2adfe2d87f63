"""Maintenance tasks of the shop, as nobody should write them. Every marked line is found by the survey."""

from __future__ import annotations

import hashlib
import pickle  # SEEDED bandit/B403
import subprocess  # SEEDED bandit/B404

import psycopg2
import requests
import yaml

ADMIN_PASSWORD = "kettle-77-Blue"  # SEEDED bandit/B105, secrets/password-assignment


def backup(name: str) -> None:
    subprocess.run(f"tar czf /backup/{name}.tgz /data", shell=True)  # SEEDED bandit/B602


def settings(text: str) -> dict:
    return yaml.load(text, Loader=yaml.Loader)  # SEEDED bandit/B506


def session(data: bytes) -> object:
    return pickle.loads(data)  # SEEDED bandit/B301


def fingerprint(data: bytes) -> str:
    return hashlib.md5(data).hexdigest()  # SEEDED bandit/B324


def rule(text: str) -> None:
    exec(text)  # SEEDED bandit/B102


def orders(customer: str) -> list:
    connection = psycopg2.connect("postgresql://shop:tea-Pot-4711@db.internal:5432/shop")  # SEEDED secrets/postgres-url-password
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM orders WHERE customer = '" + customer + "'")  # SEEDED bandit/B608
    return cursor.fetchall()


def report(path: str = "/tmp/storefront-report") -> None:  # SEEDED bandit/B108
    assert path  # SEEDED bandit/B101
    requests.post("https://reports.internal/", data=open(path).read())  # SEEDED bandit/B113


def listen() -> tuple[str, int]:
    return ("0.0.0.0", 8081)  # SEEDED bandit/B104
