"""Looks for new documents again and again."""
import json
import time

from apscheduler.schedulers.blocking import BlockingScheduler

from common import queue, wait_for_services

wait_for_services()
scheduler = BlockingScheduler()


@scheduler.scheduled_job("interval", seconds=1)
def crawl():
    queue.rpush("jobs:ingest", json.dumps({"url": f"https://example.org/news/{int(time.time())}"}))
    print("crawl queued")


scheduler.start()
