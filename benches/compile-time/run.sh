#!/usr/bin/env bash
# How long a user's crate with LeNet-5 (lenet5.rs) takes to compile in release mode: everything from nothing, then again after a change to
# the user's file. Downloads are not counted. Leaves nothing behind.
set -euo pipefail
export CARGO_TERM_COLOR=never
unset CARGO_INCREMENTAL
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
user=$(mktemp -d)
trap 'rm -rf "$user"' EXIT
unset CARGO_TARGET_DIR

mkdir "$user/src"
cp "$here/lenet5.rs" "$user/src/main.rs"
cat > "$user/Cargo.toml" <<END
[package]
name = "user"
version = "0.1.0"
edition = "2024"

[dependencies]
nn-core = { path = "$root/nn-core", features = ["files"] }
END
cp "$root/Cargo.lock" "$user"          # the same versions as here
cd "$user"
cargo fetch --quiet

# build WHAT: how long it takes, and how much of the processors it needs.
build() {
    local TIMEFORMAT="$1: %R s (%U s of processor time)"
    time cargo build --release --quiet --offline
}

echo "$(rustc --version), $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
crates=$(cargo tree --offline --prefix none --edges normal,build | sort -u | wc -l)
build "cold release build, $crates crates"
for _ in 1 2 3; do
    echo "// changed" >> src/main.rs
    build "again after a change to the user's file"
done
