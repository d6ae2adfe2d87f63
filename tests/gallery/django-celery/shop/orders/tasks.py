import time

from celery import shared_task

from .models import Order


@shared_task
def ship(order_id, seconds=1):
    time.sleep(seconds)
    Order.objects.filter(pk=order_id).update(state="shipped")
    return order_id
