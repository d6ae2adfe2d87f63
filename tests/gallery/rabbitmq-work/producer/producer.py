import time

import pika

connection = pika.BlockingConnection(pika.ConnectionParameters("rabbitmq"))
channel = connection.channel()
channel.queue_declare(queue="hello")

n = 0
while True:
    n += 1
    channel.basic_publish(exchange="", routing_key="hello", body=f"message {n}")
    print(f" [x] Sent message {n}")
    time.sleep(0.5)
