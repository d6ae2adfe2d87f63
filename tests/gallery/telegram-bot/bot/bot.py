import os
import threading
import time

import redis
import requests

API = f"{os.environ['API_URL']}/bot{os.environ['BOT_TOKEN']}"
store = redis.Redis(host=os.environ["REDIS_HOST"])


def handle(message):
    count = store.incr(f"seen:{message['chat']['id']}")
    requests.post(f"{API}/sendMessage", json={"chat_id": message["chat"]["id"], "text": f"message {count}"})
    print(f"answered message {count} of chat {message['chat']['id']}")


def polling():
    offset = 0
    while True:
        answer = requests.get(f"{API}/getUpdates", params={"offset": offset, "timeout": 20})
        for update in answer.json()["result"]:
            offset = update["update_id"] + 1
            try:
                handle(update["message"])
            except redis.RedisError as error:
                print(f"error: {error}")


for _ in range(30):
    try:
        requests.get(f"{API}/getMe", timeout=2)
        break
    except requests.ConnectionError:
        time.sleep(1)

threading.Thread(target=polling).start()
while True:
    time.sleep(3600)
