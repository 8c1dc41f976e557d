#!/usr/bin/env bash
# Builds the firmware, runs it in QEMU, and fails unless every line has the bits that this machine gives, and nothing that panics is linked.
# Then flips one bit of one weight in the firmware and expects the comparison to fail: a check that cannot fail proves nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source toolchain.bash
install_firmware_tools

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

elf() { echo "${CARGO_TARGET_DIR:-target}/$TARGET/release/$1"; }

# device PROGRAM: its lines in $work/device; what only a board can report, in lines that begin with `#`, in $work/reported.
device() {
    timeout 60 qemu-system-arm -M mps2-an386 -cpu cortex-m4 -icount shift=0 -semihosting-config enable=on,target=native \
        -nographic -monitor none -serial none -kernel "$(elf "$1")" > "$work/output" < /dev/null
    grep -v '^#' "$work/output" > "$work/device"
    grep '^#' "$work/output" > "$work/reported"
}

reported() { awk -v what="$1" '$2 == what { print $3 + 0 }' "$work/reported"; }

# What only a panic needs; the firmware formats no text, so nothing else brings it in.
panics() { nm --demangle "$1" | grep -E 'core::(panicking|slice::index|str::.*fail|option::.*_failed|result::.*_failed|cell::panic)' || true; }

printf '%-8s %-9s %8s %8s %14s\n' program optimised flash ram instructions
for program in digits parts; do
    cargo run --release --quiet --bin $program > "$work/host"
    lines=$(wc -l < "$work/host")
    [[ $lines -gt 0 ]]
    for level in 3 '"s"' '"z"'; do
        firmware_cargo build --release --quiet --config "profile.release.opt-level=$level" --bin $program
        device $program
        read -r text data bss _ < <(size "$(elf $program)" | tail -n 1)
        # One tick of the timer is 40 instructions.
        ticks=$(reported ticks)
        printf '%-8s %-9s %8d %8d %14s\n' $program "$level" $((text + data)) $((data + bss)) \
            "${ticks:+$((ticks * 40 / lines))}"
        if ! cmp -s "$work/host" "$work/device"; then
            echo "$program, opt-level $level: the device (>) differs from this machine (<)" >&2
            diff "$work/host" "$work/device" | head -n 20 >&2
            exit 1
        fi
        panics "$(elf $program)" > "$work/panics"
        if [[ -s $work/panics ]]; then
            echo "$program, opt-level $level: code that panics is linked in" >&2
            cat "$work/panics" >&2
            exit 1
        fi
    done
done

cargo run --release --quiet --bin digits > "$work/host"
firmware_cargo build --release --quiet --features wrong-bit --bin digits
device digits
if cmp -s "$work/host" "$work/device"; then
    echo 'a weight with one bit flipped went unnoticed: the comparison is worth nothing' >&2
    exit 1
fi
echo "equal bits on Cortex-M4 and $(uname -m), and nothing that panics; one flipped bit of a weight changes $(
    diff "$work/host" "$work/device" | grep -c '^<') of $(wc -l < "$work/host") lines"
echo "digits recognised: $(awk '$1 == $2' "$work/host" | wc -l) of $(wc -l < "$work/host")"
