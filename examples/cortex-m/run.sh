#!/usr/bin/env bash
# Builds the firmware, runs it in QEMU, and compares each output's bits with those of the same program on this machine.
# Then flips one bit of one weight in the firmware and expects the comparison to fail: a check that cannot fail proves nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source toolchain.bash
install_firmware_tools

elf=${CARGO_TARGET_DIR:-target}/$TARGET/release/nn-firmware
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The lines of the device, in $work/NAME; whatever else it reports begins with `#`.
device() {
    timeout 60 qemu-system-arm -M mps2-an386 -cpu cortex-m4 -icount shift=0 -semihosting-config enable=on,target=native \
        -nographic -monitor none -serial none -kernel "$elf" > "$work/output" < /dev/null
    grep -v '^#' "$work/output" > "$work/$1"
}

reported() { awk -v what="$1" '$1 == "#" && $2 == what { print $3 + 0 }' "$work/output"; }

# What only a panic needs; the firmware formats no text, so nothing else brings it in.
panics() { nm --demangle "$elf" | grep -E 'core::(panicking|slice::index|str::.*fail|option::.*_failed|result::.*_failed|cell::panic)' || true; }

cargo build --release --quiet
cargo run --release --quiet > "$work/host"
rows=$(wc -l < "$work/host")
[[ $rows -gt 0 ]]

printf '%-10s %10s %10s %14s %14s\n' 'optimised' 'flash' 'stack' 'instructions' 'panic paths'
for level in 3 '"s"' '"z"'; do
    firmware_cargo build --release --quiet --config "profile.release.opt-level=$level"
    device device
    if ! cmp -s "$work/host" "$work/device"; then
        echo "the device's bits differ from this machine's (<: here, >: there), opt-level $level:" >&2
        diff "$work/host" "$work/device" | head -n 6 >&2
        exit 1
    fi
    panics > "$work/panics"
    # One tick is 40 instructions.
    printf '%-10s %10d %10d %14d %14d\n' "$level" "$(size "$elf" | awk 'NR == 2 { print $1 + $2 }')" "$(reported stack)" \
        $(($(reported ticks) * 40 / rows)) "$(wc -l < "$work/panics")"
done
if [[ -s $work/panics ]]; then
    echo 'functions that panic, linked into the firmware:'
    cat "$work/panics"
fi

firmware_cargo build --release --quiet --features wrong-bit
device wrong
if cmp -s "$work/host" "$work/wrong"; then
    echo 'a weight with one bit flipped went unnoticed: the comparison is worth nothing' >&2
    exit 1
fi
right=$(awk '$1 == $2' "$work/host" | wc -l)
echo "equal bits on Cortex-M4 and $(uname -m) for $rows rows, $right of them recognised; one flipped bit of a weight changes $(
    diff "$work/host" "$work/wrong" | grep -c '^<') lines and is noticed"
