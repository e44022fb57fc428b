# The program as one image: web, workers and beat differ by their command only (docker-compose.yml).

FROM node:24-bookworm-slim AS assets
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
WORKDIR /build
COPY . .
RUN node frontend/build.mjs

FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY requirements-uv.lock requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
    && python -m venv /opt/carloan \
    && uv pip install --no-cache --python /opt/carloan/bin/python --require-hashes --compile-bytecode -r requirements.lock

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-wqy-zenhei tesseract-ocr tesseract-ocr-chi-sim \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/carloan --create-home --shell /usr/sbin/nologin carloan \
    && install -d -o carloan -m 0700 /var/lib/witness /srv/destroyed /srv/archive_backups
COPY --from=packages /opt/carloan /opt/carloan
WORKDIR /app
COPY . .
COPY --from=assets /build/static_build static_build
ENV PATH=/opt/carloan/bin:$PATH PYTHONUNBUFFERED=1 CARLOAN_HOME=/var/lib/carloan CARLOAN_STATIC=/app/staticfiles
# Neither command needs a server or a secret that stays: the addresses lead nowhere and the keys are thrown away.
RUN export CARLOAN_SECRETS=/tmp/secrets DATABASE_URL=postgres://none@127.0.0.1/none KEYSTORE_URL=postgres://none@127.0.0.1/none \
    && python manage.py messages --compile && python manage.py collectstatic --noinput && rm -rf /tmp/secrets
USER carloan
EXPOSE 8000
CMD ["gunicorn", "carloan.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "carloan.web_worker.PacedWorker", "--worker-connections", "500", "--workers", "4", "--threads", "12", "--timeout", "120", "--max-requests", "5000", "--worker-tmp-dir", "/tmp"]
