"""The log by which files of everything know that they are out of date."""

import uuid

from django.db import models


def new_token():
    return uuid.uuid4().hex


class Change(models.Model):
    """Something was written, in one transaction. Rows are only added; old ones are forgotten."""

    at = models.DateTimeField(auto_now_add=True)
    token = models.CharField(max_length=32, default=new_token)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
