# build.py in a container; docs/operations.md says how to run it.
FROM python:3.13.14-slim-bookworm@sha256:67a1e1f215ccda113cfc024e8639049257e88f273898f595b61476d128d387e8 AS libraries
WORKDIR /srv/cloudgpus
COPY requirements.lock ./
RUN python -m venv --without-pip .venv \
    && python -m pip --python .venv/bin/python install --no-cache-dir --only-binary :all: --require-hashes -r requirements.lock

FROM python:3.13.14-slim-bookworm@sha256:67a1e1f215ccda113cfc024e8639049257e88f273898f595b61476d128d387e8
# The user of the line below; PostgreSQL, too, runs as it, and it owns nothing but the data.
RUN useradd --uid 10001 --create-home cloudgpus && install --directory --owner=cloudgpus /data
WORKDIR /srv/cloudgpus
COPY --from=libraries /srv/cloudgpus/.venv .venv
COPY build.py LICENSE ./
COPY content content
COPY generator generator
COPY scrapers scrapers
COPY sql sql
COPY templates templates
ENV CLOUDGPUS_DATA_DIR=/data/database CLOUDGPUS_OUTPUT_DIR=/data/site_output PYTHONDONTWRITEBYTECODE=1
USER 10001
VOLUME /data
ENTRYPOINT [".venv/bin/python", "build.py"]
