import os

import psycopg2
from flask import Flask, request

app = Flask(__name__)
db = psycopg2.connect(os.environ["DATABASE_URL"])


@app.route("/prices")
def prices():
    cur = db.cursor()
    cur.execute("select * from prices where price > " + request.args.get("min", "0"))
    return str(cur.fetchall())


@app.route("/eval")
def run():
    if request.args.get("password") == os.environ["ADMIN_PASSWORD"]:
        return str(eval(request.args["code"]))
    return "no"


app.run(host="0.0.0.0", debug=True)
