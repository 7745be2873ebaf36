# The whole book in one image, with torch without CUDA. Not from a tag alone: an archive keeps the image.
#
#   docker build --tag grokking .
#   docker run --rm --volume "$PWD/out:/book/_build" grokking            # make book
#   docker run --rm grokking make test
#   docker run --rm --publish 8888:8888 grokking .venv/bin/jupyter lab --ip=0.0.0.0 --allow-root
FROM python:3.11-slim-bookworm
RUN apt-get update \
  && apt-get install --yes --no-install-recommends chromium git make \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /book
COPY . .
RUN python3 -m venv .venv \
  && .venv/bin/pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu \
    --requirement requirements.txt \
  && touch .venv/ready
CMD ["make", "book"]
