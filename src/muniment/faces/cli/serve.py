"""muniment serve [--database URL] [--host H] [--port N] [--workers N]"""

import argparse
import os

from muniment.faces.cli.failing import WronglyAsked
from muniment.faces.desk.serving import Asked, listen, serve
from muniment.faces.desk.site_commands import must_be_there
from muniment.faces.desk.stores import address


def run(arguments: argparse.Namespace) -> int:
    where = address(arguments.database)
    must_be_there(where)
    if arguments.workers < 1:
        raise WronglyAsked("no process would answer - write --workers 2")
    level = os.environ.get("MUNIMENT_LOG_LEVEL", "WARNING").lower()
    serve(
        Asked(where, workers=arguments.workers, log_level=level),
        listener=listen(host=arguments.host, port=port_of(arguments)),
        say=said,
        ready=lambda address: said(
            f"Muniment serves {where.shown} at {os.environ.get('MUNIMENT_ADDRESS') or address}. Ctrl-C ends it."
        ),
    )
    said("Ended.")
    return 0


def port_of(arguments: argparse.Namespace) -> int:
    """A port of 0 is any that is free."""
    port = int(arguments.port)
    if not 0 <= port < 1 << 16:
        raise WronglyAsked(f"there is no port {port} - write one from 1 to 65535")
    return port


def said(line: str) -> None:
    """At once, also where the output is a file."""
    print(line, flush=True)
