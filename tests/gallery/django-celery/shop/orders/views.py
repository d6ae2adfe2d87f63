from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from .models import Order
from .tasks import ship


def home(request):
    return HttpResponse('<h1>Orders</h1><a href="/orders/">all orders</a>')


@csrf_exempt
def orders(request):
    if request.method == "POST":
        order = Order.objects.create(item=request.POST.get("item", "rope"))
        ship.delay(order.pk)
        return JsonResponse({"id": order.pk}, status=202)
    return JsonResponse({"orders": list(Order.objects.values("id", "item", "state"))})
