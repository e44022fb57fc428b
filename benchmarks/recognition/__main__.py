"""python -m benchmarks.recognition fonts | show SEED | grade [--split …] [--count …] [--kind …] [--condition …]"""

import argparse
import json
import os
import sys
from pathlib import Path

from benchmarks.recognition import typefaces


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.recognition", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("fonts", help="fetch the typefaces of the papers")
    show = commands.add_parser("show", help="write the file, its pages as pictures, and the truth of one seed")
    show.add_argument("seed")
    show.add_argument("--to", type=Path, default=Path.cwd())
    show.add_argument("--read", action="store_true", help="say too what the pipeline reads there")
    grade = commands.add_parser("grade", help="judge the pipeline over a seeded sample")
    grade.add_argument("--split", choices=("seen", "former", "second", "third", "varied", "unseen"), default="seen")
    grade.add_argument("--count", type=int, default=26)
    grade.add_argument("--sample", type=int, default=1, help="another number gives another sample")
    grade.add_argument("--kind", action="append", default=[])
    grade.add_argument("--condition", action="append", default=[])
    grade.add_argument("--beside", type=int, default=4, help="tesseract reads every so manieth paper; 0: none")
    grade.add_argument("--values", action="store_true", help="list every value that is not right")
    options = parser.parse_args()
    if options.command == "fonts":
        typefaces.fetch()
        return 0
    typefaces.prepare()
    _settings()
    if options.command == "show":
        return _show(options.seed, options.to, read=options.read)
    from benchmarks.recognition import grading, report  # noqa: PLC0415 - after settings and typefaces

    seeds = grading.sample(
        options.split, options.count, seed=options.sample, kinds=options.kind, only=options.condition
    )
    print(report.text(grading.grade(seeds, beside_every=options.beside), every_value=options.values))
    return 0


def _settings() -> None:
    """The pipeline needs settings; no database is opened."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carloan.settings")
    for name in ("DATABASE_URL", "KEYSTORE_URL"):
        os.environ.setdefault(name, "postgres://nobody:nothing@localhost/none")
    django.setup()


def _show(text: str, folder: Path, *, read: bool) -> int:
    from benchmarks.recognition import conditions  # noqa: PLC0415 - after the typefaces are known
    from benchmarks.recognition.samples import AS_OF, Seed  # noqa: PLC0415

    shot = conditions.shoot(Seed.parse(text))
    name = text.replace("/", "-")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.{'pdf' if shot.media == 'application/pdf' else 'jpg'}").write_bytes(shot.data)
    for number, page in enumerate(conditions.pictures(shot), 1):
        page.save(folder / f"{name}-{number}.png")
    truth = {
        "kind": shot.seed.kind, "fields": shot.fields, "faults": list(shot.paper.faults),
        "text": [paper.text for paper in shot.papers],
    }  # fmt: skip
    if read:
        from carloan.archives.recognition.recognise import recognise  # noqa: PLC0415

        found = recognise(shot.data, shot.media, today=AS_OF)
        truth["read"] = {
            "kind": found.kind, "sure": found.sure, "problems": [fault.code for fault in found.faults],
            "fields": {key: [value.value, value.confidence] for key, value in found.fields.items()},
        }  # fmt: skip
    answer = json.dumps(truth, ensure_ascii=False, indent=1)
    (folder / f"{name}.json").write_text(answer)
    print(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
