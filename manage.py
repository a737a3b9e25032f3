#!/usr/bin/env python
"""Run a management command; without DATABASE_URL it borrows the embedded servers and leaves them as found."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")
    from crm_adoption.kit import embedded

    with embedded.for_command(sys.argv):
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
