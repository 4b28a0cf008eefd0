# A container of one static binary and nothing else. `docker run --rm -v "$PWD:/w:ro" -w /w holdover report -p plan.toml logs`
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake g++ make && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
# glibc is linked statically. The program looks up no host and no user, for which glibc would need its shared parts.
RUN RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --locked --target "$(rustc -vV | sed -n 's/^host: //p')" \
 && cp target/*/release/holdover /holdover \
 && ! ldd /holdover \
 && mkdir /scratch

FROM scratch
COPY --from=build /holdover /holdover
# Copies of standard input and rows that do not fit into memory are kept there while it runs.
COPY --from=build /scratch /tmp
ENTRYPOINT ["/holdover"]
