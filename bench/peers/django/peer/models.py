from django.db import models

from peer.fields import FIELDS


class Prediction(models.Model):
    diagnosis = models.CharField(max_length=1)


for field in FIELDS:
    Prediction.add_to_class(field, models.CharField(max_length=100))
