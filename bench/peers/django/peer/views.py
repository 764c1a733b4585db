import json
from urllib.request import Request, urlopen

from django.conf import settings
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from peer.fields import FIELDS
from peer.models import Prediction


def ask_gateway(values):
    request = Request(
        settings.GATEWAY,
        data=json.dumps({"data": ", ".join(values)}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)


@require_http_methods(["GET", "POST"])
def form(request):
    if request.method == "GET":
        return render(request, "form.html", {"fields": FIELDS})
    values = [request.POST.get(field, "") for field in FIELDS]
    if not all(values):
        return HttpResponseBadRequest("30 values are wanted")
    diagnosis = ask_gateway(values)
    Prediction.objects.create(diagnosis=diagnosis, **dict(zip(FIELDS, values)))
    return redirect("list")


def predictions(request):
    return render(
        request,
        "list.html",
        {"fields": FIELDS, "rows": Prediction.objects.values_list("id", "diagnosis", *FIELDS)},
    )
