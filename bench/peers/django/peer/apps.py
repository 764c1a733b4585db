from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created


def use_wal(connection, **_):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")


class PeerConfig(AppConfig):
    name = "peer"

    def ready(self):
        if settings.WAL:
            connection_created.connect(use_wal)
