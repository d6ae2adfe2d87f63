import time

import pika

while True:
    try:
        connection = pika.BlockingConnection(pika.ConnectionParameters("rabbitmq"))
        break
    except pika.exceptions.AMQPConnectionError:
        print("waiting for rabbitmq")
        time.sleep(2)

channel = connection.channel()
channel.queue_declare(queue="hello")


def callback(ch, method, properties, body):
    print(f" [x] Received {body.decode()}")


channel.basic_consume(queue="hello", on_message_callback=callback, auto_ack=True)
print(" [*] Waiting for messages")
channel.start_consuming()
