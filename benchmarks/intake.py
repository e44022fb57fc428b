"""Claims: reading papers costs little more than the bare engine does; an upload is answered while one blinks.

Pipeline: `paper_recognise`, the worker's own service, from sealed bytes to fields, matching and search index. Floor:
the bare engine, with the same settings, in the same process and on one thread, over the very pixels. They take turns,
page by page, so that a busy machine slows both alike. Uploads go through the whole site, each a new file.
"""

import hashlib
import io
import statistics
import time
from collections.abc import Iterator
from datetime import date
from random import Random

import numpy as np
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from benchmarks import Claim
from carloan.archives.models import Paper
from carloan.archives.recognition import media, sandbox
from carloan.archives.recognition.engine import Pixels, engine, upright
from carloan.archives.services.reading import paper_recognise
from carloan.archives.services.receiving import paper_receive
from carloan.core.actors import Actor
from carloan.core.models import Role, Tenant
from carloan.core.services.api_keys import api_key_make
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.demonstration import samples
from carloan.demonstration.specimens import LAYOUTS, photo, render

ROUNDS = {"small": 1, "full": 4}
UPLOADS = {"small": 30, "full": 200}


def run(scale: str) -> list[Claim]:
    tenant = tenant_create(slug=f"intake-{int(time.time())}", name="Intake", name_en="Intake", kind=Tenant.Kind.BANK)
    return [*reading(tenant, ROUNDS[scale]), uploading(tenant, UPLOADS[scale])]


def specimens(rounds: int) -> Iterator[bytes]:
    """Papers of every kind, scanned and photographed by turns."""
    random = Random(7)
    for number in range(rounds):
        for place, kind in enumerate(LAYOUTS):
            paper = render(samples.paper(kind, random, as_of=date(2026, 11, 22)), layout=number)
            photographed = (number + place) % 2 == 1
            image = (photo(paper, random) if photographed else paper).image
            buffer = io.BytesIO()
            image.save(buffer, "JPEG" if photographed else "PNG", quality=88)
            yield buffer.getvalue()


def reading(tenant: Tenant, rounds: int) -> list[Claim]:
    actor = Actor.system(tenant.id, "bench")
    bare_seconds, pipeline_seconds, pages = 0.0, 0.0, 0
    bare(np.full((64, 64, 3), 255, np.uint8))  # loads the models
    with tenant_scope(tenant.id):
        for data in specimens(rounds):
            with tenant_atomic():
                paper = paper_receive(actor=actor, data=data, name="bench").paper
            pixels = pixels_of(data)
            started = time.perf_counter()
            bare(pixels)
            bare_seconds += time.perf_counter() - started
            started = time.perf_counter()
            paper_recognise(paper_id=paper.id)
            pipeline_seconds += time.perf_counter() - started
            pages += 1
            with tenant_atomic():
                assert Paper.objects.get(id=paper.id).state == Paper.State.REVIEW
    return [
        Claim(
            "intake: pages/s of the whole pipeline over the bare engine", pages / pipeline_seconds, "pages/s",
            floor=pages / bare_seconds, target=0.85, better="higher",
        )
    ]  # fmt: skip


def pixels_of(data: bytes) -> Pixels:
    """The page as the pipeline hands it to the engine."""
    ((head, body),) = sandbox.pages(data, media.sniff(data))
    return upright(np.frombuffer(body, dtype=np.uint8).reshape(int(head["height"]), int(head["width"]), 3), 0)


def bare(pixels: Pixels) -> None:
    engine()._engine(np.ascontiguousarray(pixels[:, :, ::-1]), use_det=True, use_cls=True, use_rec=True)


def uploading(tenant: Tenant, count: int) -> Claim:
    with tenant_atomic(tenant.id):
        role = Role.objects.get(key="officer")
        _key, token = api_key_make(actor=Actor.system(tenant.id, "bench"), name="bench", role=role)
    settings.ALLOWED_HOSTS = ["testserver"]
    client, took = Client(headers={"Authorization": f"Bearer {token}"}), []
    base = next(specimens(1))
    for number in range(count):
        # A comment behind the picture makes each file a new one without making it another picture.
        data = base + hashlib.sha256(f"{timezone.now()} {number}".encode()).digest()
        file = SimpleUploadedFile(f"{number}.png", data, content_type="image/png")
        started = time.perf_counter()
        answer = client.post("/api/v1/papers/", {"file": file})
        took.append(1000 * (time.perf_counter() - started))
        assert answer.status_code == 201, answer.content
    p95 = statistics.quantiles(took, n=20)[-1]
    return Claim(f"intake: an upload is answered, p95 of {count}", round(p95, 1), "ms", target=300)
