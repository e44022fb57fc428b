"""python -m benchmarks.recognition fonts | show SEED [--to FOLDER]"""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.recognition import typefaces


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.recognition")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("fonts", help="fetch the typefaces of the papers")
    show = commands.add_parser("show", help="write the pictures and the truth of one seed")
    show.add_argument("seed")
    show.add_argument("--to", type=Path, default=Path.cwd())
    options = parser.parse_args()
    if options.command == "fonts":
        typefaces.fetch()
        return 0
    typefaces.prepare()
    from benchmarks.recognition import samples  # noqa: PLC0415 - after the typefaces are known

    paper = samples.paper(samples.Seed.parse(options.seed))
    name = options.seed.replace("/", "-")
    options.to.mkdir(parents=True, exist_ok=True)
    for number in range(len(paper.pages)):
        paper.draw(number, 150).save(options.to / f"{name}-{number + 1}.png")
    truth = {"kind": paper.kind, "fields": dict(paper.fields), "faults": paper.faults, "text": paper.text}
    (options.to / f"{name}.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1))
    print(json.dumps(truth, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
