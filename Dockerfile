# syntax=docker/dockerfile:1
# Seedbed as an image: the studio and the API. Say which Python by digest where builds are to be the same for ever:
#   docker build --build-arg PYTHON=python:3.12-slim@sha256:… -t seedbed .
ARG PYTHON=python:3.12-slim

# The studio and all wheels, at the versions and hashes of the locks, also what makes wheels of sources. Node comes from
# PyPI, its packages by the hashes of studio/package-lock.json.
FROM ${PYTHON} AS wheel
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY requirements-build.lock ./
RUN python -m venv /build && /build/bin/pip install --require-hashes -r requirements-build.lock
COPY requirements-image.lock ./
RUN /build/bin/pip wheel --require-hashes --no-deps --no-build-isolation -r requirements-image.lock --wheel-dir /wheels
COPY scripts/studio scripts/studio
COPY studio studio
RUN mkdir -p src/seedbed/api && PYTHON=/build/bin/python sh scripts/studio build
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

# All that runs, in one folder.
FROM ${PYTHON} AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY --from=wheel /wheels /wheels
RUN python -m venv /opt/seedbed \
    && /opt/seedbed/bin/pip install --no-deps --no-index /wheels/*.whl \
    && /opt/seedbed/bin/pip uninstall --yes pip

FROM ${PYTHON} AS runtime
COPY --from=packages /opt/seedbed /opt/seedbed
RUN groupadd --gid 10001 seedbed \
    && useradd --uid 10001 --gid 10001 --create-home --shell /usr/sbin/nologin seedbed \
    && install -d -o 10001 -g 10001 -m 700 /workspace /models
ENV PATH=/opt/seedbed/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SEEDBED_WORKSPACE=/workspace \
    SEEDBED_MODELS=/models \
    SEEDBED_LOG_FORMAT=json
USER 10001:10001
WORKDIR /workspace
VOLUME ["/workspace", "/models"]
EXPOSE 8400
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8400/api/v1/health', timeout=4)"]
CMD ["seedbed", "serve", "--host", "0.0.0.0", "--port", "8400"]
