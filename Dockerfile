# The program alone on an empty image, as nobody in particular:
#   docker build -t release-check .
#   docker run --rm -v "$PWD:/work" release-check check
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY . .
RUN cargo build --locked --release && mkdir /empty

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/target/release/release-check /release-check
# Where the cache and large members of what is scanned go.
COPY --from=build --chown=65532:65532 /empty /tmp
ENV RELEASE_CHECK_CACHE=/tmp/release-check
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/release-check"]
