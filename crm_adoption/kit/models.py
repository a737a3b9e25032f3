"""The base every table stands on."""

from django.db import models


class Stamped(models.Model):
    """A row that knows when it was made and last changed."""

    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class Caller(models.Model):
    """How often somebody asked the API in this minute and in the one before; a crash of the store may forget it."""

    who = models.CharField(max_length=100, primary_key=True)
    window = models.BigIntegerField(help_text="Number of the minute, or of what else the rate is of.")
    calls = models.IntegerField()
    before = models.IntegerField(help_text="In the window before.")

    def __str__(self) -> str:
        return self.who
