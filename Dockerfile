# Three images from one file: docker build --target bot|engine-cpu|engine-gpu .
#
#   bot         talks to people: no model files, no OpenCV, no torch
#   engine-cpu  makes headshots on processors; its model files are fetched and checked while it is built
#   engine-gpu  the same engine on a base of your choice, for machines with an NVIDIA card. So far it has no renderer that
#               uses the card: headshots come from the processors there, too.
#
# All run as user 10001 and write to /data, /keys and /tmp only, so the root file system may be read-only.

ARG PYTHON_IMAGE=python:3.11-slim
# Any image with Python 3.11 to 3.13 as python3.
ARG GPU_IMAGE=python:3.11-slim

FROM ${PYTHON_IMAGE} AS source
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot/ bot/
COPY engine/ engine/
COPY adapters/ adapters/

FROM source AS bot-installed
# What the bot imports, and nothing of the engine's: its extra, and four small packages of the default set. A test says so.
RUN python3 -m venv /opt/headroom \
    && python3 -c "import tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; small = ('pillow>', 'pillow-heif>', 'platformdirs>', 'pydantic>'); print(*project['optional-dependencies']['bot'], *[r for r in project['dependencies'] if r.startswith(small)], sep='\n')" > /tmp/bot.txt \
    && /opt/headroom/bin/pip install --no-cache-dir --constraint constraints.txt --requirement /tmp/bot.txt \
    && /opt/headroom/bin/pip install --no-cache-dir --no-deps .

FROM source AS engine-installed
RUN python3 -m venv /opt/headroom \
    && /opt/headroom/bin/pip install --no-cache-dir --constraint constraints.txt '.[bot]'

FROM engine-installed AS models
ENV HEADROOM_MODELS_DIR=/models
RUN ["/opt/headroom/bin/headroom", "models", "pull"]

FROM ${GPU_IMAGE} AS gpu-installed
WORKDIR /source
COPY --from=source /source ./
RUN python3 -m venv /opt/headroom \
    && /opt/headroom/bin/pip install --no-cache-dir --constraint constraints.txt '.[bot]'

FROM ${PYTHON_IMAGE} AS bot
RUN ["install", "-d", "-o", "10001", "-g", "10001", "-m", "0700", "/data", "/keys"]
COPY --from=bot-installed /opt/headroom /opt/headroom
ENV HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HEADROOM_DATA_DIR=/data \
    HEADROOM_INSTALL_KEY_FILE=/keys/install.key
USER 10001:10001
WORKDIR /
EXPOSE 8765 8766
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/opt/headroom/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8766/livez', timeout=4)"]
CMD ["/opt/headroom/bin/python", "-P", "-m", "bot"]

FROM ${PYTHON_IMAGE} AS engine-cpu
RUN ["install", "-d", "-o", "10001", "-g", "10001", "-m", "0700", "/data", "/keys"]
COPY --from=engine-installed /opt/headroom /opt/headroom
COPY --from=models /models /models
ENV HOME=/tmp \
    NUMBA_CACHE_DIR=/tmp/numba \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HEADROOM_DATA_DIR=/data \
    HEADROOM_INSTALL_KEY_FILE=/keys/install.key \
    HEADROOM_MODELS_DIR=/models
USER 10001:10001
WORKDIR /
EXPOSE 8767
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["/opt/headroom/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8767/livez', timeout=4)"]
CMD ["/opt/headroom/bin/python", "-P", "-m", "engine.worker"]

FROM ${GPU_IMAGE} AS engine-gpu
RUN ["install", "-d", "-o", "10001", "-g", "10001", "-m", "0700", "/data", "/keys"]
COPY --from=gpu-installed /opt/headroom /opt/headroom
COPY --from=models /models /models
ENV HOME=/tmp \
    NUMBA_CACHE_DIR=/tmp/numba \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HEADROOM_DATA_DIR=/data \
    HEADROOM_INSTALL_KEY_FILE=/keys/install.key \
    HEADROOM_MODELS_DIR=/models
USER 10001:10001
WORKDIR /
EXPOSE 8767
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["/opt/headroom/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8767/livez', timeout=4)"]
CMD ["/opt/headroom/bin/python", "-P", "-m", "engine.worker"]
