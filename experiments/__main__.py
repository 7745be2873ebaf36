"""Make, check or list the tables: ``python -m experiments {make,check,list} [NAME]``."""

import argparse
import secrets

from experiments.check import check
from experiments.make import TABLES, make, progress

parser = argparse.ArgumentParser(prog="python -m experiments")
commands = parser.add_subparsers(dest="command", required=True)
commands.add_parser("list", help="how far each table is, and by what code")
commands.add_parser("make", help="make or complete a table").add_argument("name", choices=TABLES)
checking = commands.add_parser("check", help="compute a few rows anew, of one table or of all")
checking.add_argument("name", nargs="?", choices=TABLES)
checking.add_argument("--draw", type=int, help="repeat a draw that was printed")
asked = parser.parse_args()

if asked.command == "list":
    print(progress().to_string(na_rep=""))
elif asked.command == "make":
    print(make(asked.name))
else:
    for name in [asked.name] if asked.name else TABLES:
        check(name, secrets.randbelow(10**6) if asked.draw is None else asked.draw)
