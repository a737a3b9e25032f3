"""`manage.py up`: everything at once, for one machine; `make run` calls it."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from crm_adoption.kit import embedded, processes
from crm_adoption.kit.launch import first_start
from crm_adoption.kit.launch.children import Family, GaveUp
from crm_adoption.kit.launch.only_one import AlreadyUp, Note, only_one
from crm_adoption.kit.launch.ready import HOST, BadPort, free_port, not_ready

READY_WITHIN = 180.0  # seconds
REVIVE_EVERY = 2.0  # seconds between looks at the embedded servers


class Command(BaseCommand):
    help = "Start the servers, the site, its workers and its timetable; Ctrl-C stops them all."
    requires_system_checks = ()  # the web process runs them; the store may not be there yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="default: $PORT, else 8000")

    def handle(self, *args: Any, port: str, **options: Any) -> None:
        for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(stop, signal.default_int_handler)
        try:
            with only_one(f"http://{HOST}:{port}/") as note:
                number = free_port(port)
                self._say("Starting the servers …")
                with embedded.hold(broker=True):
                    self._run(number, note)
        except (AlreadyUp, BadPort, GaveUp, embedded.Unavailable) as error:
            self.stderr.write(str(error))
            sys.exit(1)
        except KeyboardInterrupt:
            self._say("Stopped.")

    def _say(self, line: str) -> None:
        with suppress(OSError):  # a terminal that has gone must not keep the children from being stopped
            self.stdout.write(line)
            self.stdout.flush()

    def _run(self, port: int, note: Note) -> None:
        first_start.prepare_store(self._say)
        loaded = first_start.load_sample(self._say, self.stdout)
        connections.close_all()
        groups = processes.in_stopping_order(f"{HOST}:{port}")
        family = Family(groups, directory=settings.BASE_DIR, note=note, say=self._say)
        try:
            family.start()
            self._wait_until_ready(port, family)
            self._greet(note.address, loaded=loaded)
            self._watch(family)
        finally:
            self._say("Stopping …")
            family.stop()

    def _wait_until_ready(self, port: int, family: Family) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while missing := not_ready(port):
            if time.monotonic() > deadline:
                raise GaveUp(f"Not ready after {READY_WITHIN:.0f} s: {missing}. Logs: {embedded.var_dir() / 'logs'}")
            time.sleep(0.1)
            family.watch()

    def _greet(self, address: str, *, loaded: bool) -> None:
        self._say(f"\ncrm_adoption runs at {address}   (Ctrl-C stops it; logs: {embedded.var_dir() / 'logs'})")
        lines = first_start.sign_ins() if loaded else ()
        connections.close_all()
        if lines:
            self._say("Sign in as one of the sample company's people:")
            for line in lines:
                self._say(f"  {line}")

    def _watch(self, family: Family) -> None:
        """Until somebody stops us: no child and no embedded server stays down."""
        looked, trouble = time.monotonic(), ""
        while True:
            time.sleep(0.2)
            family.watch()
            if time.monotonic() - looked > REVIVE_EVERY:
                try:
                    embedded.revive()
                    trouble = ""
                except embedded.Unavailable as error:
                    if str(error) != trouble:
                        self._say(str(error))
                    trouble = str(error)
                looked = time.monotonic()
