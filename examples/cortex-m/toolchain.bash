# Finds what builds and runs firmware, and installs it where it is missing and this is root on Debian.
#
#   source toolchain.bash      then `install_firmware_tools` once, and `firmware_cargo build …` in place of `cargo build …`
#
# An ordinary rustup has Rust's core library for a target after `rustup target add`. Where that cannot be had, Debian's compiler
# builds the library from its sources; NN_FIRMWARE=rustup or NN_FIRMWARE=debian chooses one of the two.

TARGETS=(thumbv7em-none-eabihf thumbv6m-none-eabi riscv32imc-unknown-none-elf wasm32-unknown-unknown)
# What firmware_cargo builds for.
TARGET=${TARGETS[0]}

have() { command -v "$1" > /dev/null; }

has_targets() {
    have rustup || return 1
    local target installed
    installed=$(rustup target list --installed 2> /dev/null)
    for target in "${TARGETS[@]}"; do
        grep -qx "$target" <<< "$installed" || return 1
    done
}

# Which of the two: the targets if they are installed or can be, else Debian's packages.
firmware_toolchain() {
    if [[ -n ${NN_FIRMWARE:-} ]]; then
        echo "$NN_FIRMWARE"
    elif has_targets; then
        echo rustup
    else
        echo debian
    fi
}

install_packages() {
    local missing=()
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    if [[ ${#missing[@]} == 0 ]]; then return; fi
    echo "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}

install_firmware_tools() {
    if [[ -z ${NN_FIRMWARE:-} ]] && have rustup && ! has_targets; then
        timeout 240 rustup target add "${TARGETS[@]}" || echo "no ${TARGETS[*]} for this rustup: taking Debian's compiler"
    fi
    if [[ $(firmware_toolchain) == debian ]]; then install_packages rustc-web cargo-web rust-web-src lld; fi
    have qemu-system-arm || install_packages qemu-system-arm
    have qemu-system-riscv32 || install_packages qemu-system-misc
    have node || install_packages nodejs
    have size || install_packages binutils
}

firmware_cargo() {
    local command=$1
    shift
    if [[ $(firmware_toolchain) == rustup ]]; then
        cargo "$command" --target "$TARGET" "$@"
    else
        local linker=ld.lld variable=${TARGET//-/_}
        if [[ $TARGET == wasm32-* ]]; then linker=wasm-ld; fi
        # Debian's compiler is a stable one too; the flag only lets cargo build `core` itself.
        env PATH="/usr/bin:$PATH" RUSTC_BOOTSTRAP=1 "CARGO_TARGET_${variable^^}_LINKER=$linker" \
            /usr/bin/cargo "$command" -Zbuild-std=core --target "$TARGET" "$@"
    fi
}

# The compiler that firmware_cargo calls.
firmware_rustc() {
    if [[ $(firmware_toolchain) == rustup ]]; then rustc --version; else /usr/bin/rustc --version; fi
}

if [[ ${1:-} == install ]]; then
    set -euo pipefail
    install_firmware_tools
    echo "firmware: $(firmware_toolchain)"
fi
