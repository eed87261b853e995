# Sourced by ./run and ./test: which Debian packages are needed, and how to get those that are missing.

build_packages=(clang-19 cmake ninja-build pkg-config python3-minimal
    libboost1.81-dev libboost-json1.81-dev libc-ares-dev libssl-dev libcurl4-openssl-dev libpugixml-dev libgsasl-dev
    libcli11-dev libfmt-dev libidn2-dev libpsl-dev ca-certificates)
wizard_packages=(qt6-base-dev qt6-declarative-dev qt6-svg-dev libqt6svg6 libgl-dev libvulkan-dev
    qml6-module-qtquick qml6-module-qtquick-window qml6-module-qtquick-controls qml6-module-qtquick-templates
    qml6-module-qtquick-layouts qml6-module-qtqml qml6-module-qtqml-workerscript qml6-module-qtquick-shapes fonts-noto-core)
test_packages=(ccache git doctest-dev libclang-rt-19-dev llvm-19 openssl libxml2-utils python3
    nsd nginx-light dovecot-imapd dovecot-pop3d postfix faketime iproute2 nftables tinyproxy util-linux uidmap procps thunderbird xvfb xauth
    isync msmtp mutt neomutt aerc offlineimap3 fetchmail getmail6 libglib2.0-bin)

step() { printf '\n== %s\n' "$*" >&2; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# Installs the packages that are missing; says so first, and ends plainly when that cannot be done.
need_packages() {
    command -v dpkg-query >/dev/null || fail "this needs a Debian 12 machine (dpkg-query is not here)"
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then return; fi
    step "Installing ${#missing[@]} Debian packages: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "these packages are missing and only root can install them: ${missing[*]}"
        as_root=(sudo)
    fi
    local log
    log=$(mktemp)
    if ! { "${as_root[@]}" apt-get update -q && DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        rm -f "$log"
        fail "a package could not be installed: ${missing[*]}"
    fi
    rm -f "$log"
}
