# The image of the portal, for the web server and the workers.
#   web     python -m gunicorn --config gunicorn.conf.py ocrportal.wsgi   (the default)
#   worker  python -m celery --quiet -A ocrportal worker --loglevel WARNING
# docker-compose.yml runs it; docs/deployment.md explains how.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

# LibreOffice converts Office files; the fonts replace missing fonts of Chinese text.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 1000 --create-home --home-dir /home/portal portal \
    && install --directory --owner=portal --group=portal --mode=0700 /data

WORKDIR /app

# Before the source, so that a change of the source does not reinstall the requirements.
COPY requirements.txt ./
RUN pip install --no-deps -r requirements.txt

COPY LICENSE manage.py gunicorn.conf.py ./
COPY ocrportal ocrportal
COPY templates templates
COPY static static
COPY locale locale

# Static files are part of the image, so that an upgrade replaces them.
ENV STATIC_ROOT=/app/staticfiles
RUN DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build \
    && python -m compileall -q ocrportal

USER 1000
ENV DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]

CMD ["python", "-m", "gunicorn", "--config", "gunicorn.conf.py", "ocrportal.wsgi"]
