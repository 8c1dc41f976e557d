#!/usr/bin/env bash
# Builds the firmware, runs it in QEMU, and fails where
#   - a program has grown over what budgets.txt grants it in code, RAM, stack or instructions (another compiler than the one that they were
#     measured with is granted a share more, but no RAM),
#   - a line of text differs from what this machine's portable kernels write,
#   - anything that panics or allocates is linked in.
# Then it breaks two of these itself, a bit of a weight and a bounds check, and expects to be told: a check that cannot fail proves nothing.
# `run.sh budgets` writes budgets.txt and the README's table anew from what is measured.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source toolchain.bash
install_firmware_tools

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

elf() { echo "${CARGO_TARGET_DIR:-target}/$TARGET/release/$1"; }

# on MACHINE PROGRAM: its lines in $work/device; what only a board can report, in lines that begin with `#`, in $work/reported.
on() {
    local arm=(-semihosting-config enable=on,target=native -nographic -monitor none -serial none)
    case $1 in
        cortex-m4) timeout 100 qemu-system-arm -M mps2-an386 -cpu cortex-m4 -icount shift=0 "${arm[@]}" -kernel "$(elf "$2")" ;;
        cortex-m3) timeout 100 qemu-system-arm -M mps2-an385 -cpu cortex-m3 "${arm[@]}" -kernel "$(elf "$2")" ;;
        cortex-m0) timeout 100 qemu-system-arm -M microbit -cpu cortex-m0 "${arm[@]}" -kernel "$(elf "$2")" ;;
        riscv32) timeout 100 qemu-system-riscv32 -M virt -bios none -nographic -monitor none -serial stdio -kernel "$(elf "$2")" ;;
        wasm) timeout 100 node boards/wasm.mjs "$(elf "$2").wasm" ;;
    esac > "$work/output" < /dev/null || echo "$2 on $1: exit status $?" >&2
    grep -v '^#' "$work/output" > "$work/device" || true
    grep '^#' "$work/output" > "$work/reported" || true
}

reported() { awk -v what="$1" '$2 == what { print $3 + 0 }' "$work/reported"; }

fail() {
    echo "$*" >&2
    failed=1
}

# Code, data and static RAM of a program.
sizes() { size "$(elf "$1")" | awk 'NR == 2 { print $1 + $2, $2 + $3 }'; }

# What only a panic or a heap needs; the firmware formats no text, so nothing else brings it in.
unwanted() {
    nm --demangle "$1" | grep -E 'core::(panicking|slice::index|str::.*fail|option::.*_failed|result::.*_failed|cell::panic)|__rust_alloc|__rg_alloc|alloc::' || true
}

# check_symbols PROGRAM
check_symbols() {
    unwanted "$(elf "$1")" > "$work/unwanted"
    [[ ! -s $work/unwanted ]]
}

# The measured programs, each with the bytes of weights, samples and networks' inputs that are no code.
mlp=9640 # 64 · 32 + 32 + 32 · 10 + 10 numbers
declare -A trained=([online]=$mlp [accumulate]=$mlp [lenet5]=177704)
declare -A constants=(
    [dense]=$((mlp + 252)) [softmax]=$((mlp + 252)) [stepwise]=$((mlp + 252)) [sine]=1284 [online]=$((mlp + 252)) [head]=$((8320 + 252))
    [accumulate]=$((mlp + 252)) [lenet5]=3132 [state]=$((mlp - 4)) [update]=$((9960 + 1732 - 4))
)
declare -A multiply_adds=(
    [dense]=2368 [softmax]=2368 [stepwise]=2368 [sine]=288 [online]=2368 [head]=2368 [accumulate]=2368 [lenet5]=281640
)
measured=(dense softmax stepwise sine online head accumulate lenet5 state update)
# Those that compute by portable kernels on a PC too, so that their lines can be compared.
compared=(stepwise online head accumulate lenet5 state update)

# measure POLICY LEVEL: a line for each program.
measure() {
    local policy=$1 level=$2 features=() program flash ram base base_ram base_stack runs instructions
    if [[ $policy == size ]]; then features=(--features size); fi
    firmware_cargo build --release --quiet --config "profile.release.opt-level=$level" "${features[@]}" --bins
    read -r base base_ram < <(sizes empty)
    on cortex-m4 empty
    base_stack=$(reported stack)
    for program in "${measured[@]}"; do
        read -r flash ram < <(sizes "$program")
        on cortex-m4 "$program"
        runs=$(reported runs)
        # One tick of the timer is 40 instructions.
        instructions=$(($(reported ticks) * 40 / runs))
        if [[ " ${compared[*]} " == *" $program "* ]] && ! cmp -s "$work/host.$program" "$work/device"; then
            fail "$program, $policy: the device (>) differs from this machine (<)"
            diff "$work/host.$program" "$work/device" | head -n 20 >&2 || true
        fi
        check_symbols "$program" || fail "$program, $policy: linked in: $(head -n 3 "$work/unwanted")"
        echo "$program $policy ${level//\"/} $((flash - base - constants[$program])) $((ram - base_ram)) $(($(reported stack) - base_stack)) $instructions"
    done
}

programs=(digits parts learn random)
for program in "${programs[@]}" "${compared[@]}"; do
    cargo run --release --quiet --bin "$program" > "$work/host.$program"
    [[ -s $work/host.$program ]] || fail "$program writes nothing on this machine"
done

echo "Bytes of code without weights, of static RAM and of stack, all over an empty program, and instructions, of one prediction or one step:"
{ measure speed 3; measure size '"s"'; } > "$work/measured"
if [[ ${1:-} == budgets ]]; then
    {
        echo '# What each program may take: run.sh fails where it takes more. Over an empty program: bytes of code, without weights; of static RAM; of'
        echo '# stack; instructions of one prediction or one step. Written by `run.sh budgets`, 2 % over what was measured.'
        echo "# compiler: $(firmware_rustc)"
        echo '# program policy opt-level code ram stack instructions'
        awk '{ printf "%s %s %s %d %d %d %d\n", $1, $2, $3, $4 * 1.02 + 8, $5, $6 + 16, $7 * 1.02 + 8 }' "$work/measured"
    } > budgets.txt
fi
while read -r program policy level code ram stack instructions; do
    share=-
    if [[ -n ${trained[$program]:-} ]]; then share=$(awk -v r=$((ram + stack)) -v w="${trained[$program]}" 'BEGIN { printf "%.3f", r / w }'); fi
    per=$(awk -v i="$instructions" -v m="${multiply_adds[$program]:-0}" 'BEGIN { if (m > 0) printf "%.2f", i / m; else print "-" }')
    echo "$program $policy $level $code $ram $stack $share $instructions $per"
done < "$work/measured" > "$work/table"
{ echo program policy opt-level code ram stack memory/weights instructions per-multiply-add; cat "$work/table"; } | column -t
if [[ ${1:-} == budgets ]]; then
    awk '
        function commas(n) { return n < 1000 ? n : commas(int(n / 1000)) "," sprintf("%03d", n % 1000) }
        NR == FNR { rows = rows sprintf("| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", $1, $2, $3, commas($4), commas($5), commas($6), $7, commas($8), $9); next }
        /^\| program \| policy \|/ { inside = 1 }
        inside && /^\| [a-z0-9_]+ \| (speed|size) \|/ { next }
        inside && !/^\|/ { printf "%s", rows; inside = 0 }
        { print }
    ' "$work/table" README.md > "$work/README.md"
    cp "$work/README.md" README.md
fi
percent=100
if ! grep -qxF "# compiler: $(firmware_rustc)" budgets.txt; then
    percent=120
    echo "$(firmware_rustc) is another compiler than the budgets' ($(sed -n 's/^# compiler: //p' budgets.txt)): granted $percent % of them"
fi
while read -r program policy level code ram stack instructions; do
    read -r max_code max_ram max_stack max_instructions < \
        <(awk -v p="$program" -v q="$policy" -v l="$level" -v s="$percent" '
            $1 == p && $2 == q && $3 == l { print int($4 * s / 100), $5, int($6 * s / 100), int($7 * s / 100) }
        ' budgets.txt) ||
        { fail "$program, $policy: budgets.txt grants it nothing"; continue; }
    if ((code > max_code || ram > max_ram || stack > max_stack || instructions > max_instructions)); then
        fail "$program, $policy, grew over its budget: code $code of $max_code, RAM $ram of $max_ram, stack $stack of $max_stack, instructions $instructions of $max_instructions"
    fi
done < "$work/measured"

# compare MACHINE PROGRAM HOW: its lines with this machine's.
compare() {
    on "$1" "$2"
    if ! cmp -s "$work/host.$2" "$work/device"; then
        fail "$2 on $1, $3: the device (>) differs from this machine (<)"
        diff "$work/host.$2" "$work/device" | head -n 20 >&2 || true
    else
        echo "$2 on $1, $3: $(wc -l < "$work/device") lines, the same bits"
    fi
}

# All programs on the Cortex-M4, in fast code and in small code; then fewer on the other targets.
bins=(--bin digits --bin parts --bin learn --bin random)
firmware_cargo build --release --quiet --config 'profile.release.opt-level=3' "${bins[@]}"
for program in "${programs[@]}"; do
    compare cortex-m4 "$program" speed
    check_symbols "$program" || fail "$program, speed: linked in: $(head -n 3 "$work/unwanted")"
done
for level in '"s"' '"z"'; do
    firmware_cargo build --release --quiet --config "profile.release.opt-level=$level" --features size "${bins[@]}"
    for program in digits parts learn; do
        compare cortex-m4 "$program" "size, opt-level $level"
        check_symbols "$program" || fail "$program, size: linked in: $(head -n 3 "$work/unwanted")"
    done
    if [[ $level == '"s"' ]]; then compare cortex-m4 random "size, opt-level $level"; fi
done

TARGET=thumbv6m-none-eabi
firmware_cargo build --release --quiet --features size --bin digits
compare cortex-m0 digits size
check_symbols digits || fail "digits, $TARGET: linked in: $(head -n 3 "$work/unwanted")"
# The micro:bit's RAM is too small to learn in: the same code on a larger part, which runs what a Cortex-M0 runs.
RUSTFLAGS="-C link-arg=-Tlink.x -C link-arg=-Lboards/an386" firmware_cargo build --release --quiet --features size --bin learn --bin parts
for program in learn parts; do compare cortex-m3 $program "code for Cortex-M0"; done

TARGET=riscv32imc-unknown-none-elf
firmware_cargo build --release --quiet --bin digits --bin learn --bin parts
for program in digits learn parts; do
    compare riscv32 $program speed
    check_symbols $program || fail "$program, $TARGET: linked in: $(head -n 3 "$work/unwanted")"
done

TARGET=wasm32-unknown-unknown
firmware_cargo build --release --quiet "${bins[@]}"
for program in "${programs[@]}"; do compare wasm "$program" speed; done

# A project with nothing but what the README says, in a folder of its own.
project=$work/project
mkdir -p "$project/src" "$project/.cargo"
awk -v into="$project" '
    /^`[A-Za-z.\/]+`/ { split($0, parts, "`"); file = parts[2] }
    /^```/ { if (inside) { inside = 0; file = "" } else if (file != "") { inside = 1 } next }
    inside { print > (into "/" file) }
' README.md
sed -i "s|git = \"…\", default|path = \"$(cd ../.. && pwd)/nn-core\", default|" "$project/Cargo.toml"
TARGET=thumbv7em-none-eabihf
cp Cargo.lock "$project"
(unset CARGO_TARGET_DIR && cd "$project" && firmware_cargo run --release --quiet < /dev/null > "$work/xor")
awk '{ gsub(/[][,]/, "") } { right += ($4 > 0.5) == ($1 != $2) } END { exit !(NR == 4 && right == 4) }' "$work/xor" ||
    fail "the project of the README does not learn: $(cat "$work/xor")"
echo "the README's project learns: $(tr '\n' ';' < "$work/xor")"

# What must be noticed.
TARGET=thumbv7em-none-eabihf
firmware_cargo build --release --quiet --features wrong-bit --bin digits
on cortex-m4 digits
! cmp -s "$work/host.digits" "$work/device" || fail 'a weight with one bit flipped went unnoticed: the comparison is worth nothing'
changed=$(diff "$work/host.digits" "$work/device" | grep -c '^<' || true)
firmware_cargo build --release --quiet --features bounds-check --bin online
! check_symbols online || fail 'a bounds check that came back went unnoticed: the check of symbols is worth nothing'
echo "noticed: one flipped bit of a weight changes $changed of $(wc -l < "$work/host.digits") lines; a bounds check links $(head -n 1 "$work/unwanted" | awk '{ print $NF }')"
echo "digits learned on the device: $(awk '{ printf "%s%s %d", (NR == 1 ? "" : ", "), $1, $3 }' "$work/host.learn") of 50"
echo "digits recognised: $(awk '$1 == $2' "$work/host.digits" | wc -l) of $(wc -l < "$work/host.digits")"
exit $failed
