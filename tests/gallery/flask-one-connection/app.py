import os
import time

import psycopg2
from flask import Flask, jsonify, request

app = Flask(__name__)


def connect():
    while True:
        try:
            conn = psycopg2.connect(
                host=os.environ["DB_HOST"],
                dbname=os.environ["DB_NAME"],
                user=os.environ["DB_USER"],
                password=os.environ["DB_PASSWORD"],
            )
            conn.autocommit = True
            return conn
        except psycopg2.OperationalError:
            print("waiting for the database")
            time.sleep(1)


conn = connect()


@app.route("/")
def index():
    return "<h1>Shop</h1>"


@app.route("/health")
def health():
    return jsonify(status="ok")


@app.route("/items")
def items():
    cur = conn.cursor()
    cur.execute("SELECT id, name FROM items ORDER BY id")
    return jsonify([{"id": row[0], "name": row[1]} for row in cur.fetchall()])


@app.route("/items", methods=["POST"])
def add_item():
    cur = conn.cursor()
    cur.execute("INSERT INTO items (name) VALUES (%s) RETURNING id", (request.json["name"],))
    return jsonify(id=cur.fetchone()[0]), 201


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000)
