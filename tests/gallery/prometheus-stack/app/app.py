import random
import time

from flask import Flask
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

app = Flask(__name__)
REQUESTS = Counter("app_requests_total", "Requests", ["path"])
LATENCY = Histogram("app_request_seconds", "Time per request")


@app.route("/")
@LATENCY.time()
def index():
    REQUESTS.labels("/").inc()
    time.sleep(random.random() / 20)
    return "Hello, world!\n"


@app.route("/metrics")
def metrics():
    return generate_latest(), 200, {"Content-Type": CONTENT_TYPE_LATEST}


app.run(host="0.0.0.0", port=8000)
