# Two stages: the compiler stays behind. Built without the try-out, which no server needs.

FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
# Cargo reads no manifest whose benches are missing.
COPY benches benches
# The dependencies alone, so that a change of the bot does not build them again.
RUN mkdir src && touch src/lib.rs && echo 'fn main() {}' > src/main.rs \
    && cargo build --release --locked --no-default-features && rm -r src
COPY config config
COPY assets assets
COPY src src
RUN touch src/lib.rs src/main.rs && cargo build --release --locked --no-default-features

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libssl3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin nemo-bot \
    && install --directory --owner=nemo-bot --group=nemo-bot --mode=0700 /data
COPY --from=build /build/target/release/nemo-bot /usr/local/bin/nemo-bot
# The licenses go where the binary goes; the fonts of the pictures are inside it.
COPY LICENSE assets/fonts/OFL.txt /usr/share/doc/nemo-bot/
USER nemo-bot
WORKDIR /data
VOLUME /data
ENV NEMO_BOT__STORE__URL=sqlite:/data/nemo-bot.db
# Asks /healthz only: a service that is down is no reason to restart the bot.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["nemo-bot", "check", "--live"]
ENTRYPOINT ["nemo-bot"]
CMD ["run"]
