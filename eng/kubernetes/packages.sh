# shellcheck shell=bash
# Installs Debian packages by required files and commands; sourced after lib.sh.

# want FILE-OR-COMMAND PACKAGE...: adds the packages unless the file or command already exists.
wanted=()
want() { [ -e "$1" ] || command -v "$1" >/dev/null || wanted+=("${@:2}"); }

# install_wanted HINT: installs the packages. HINT names the alternative for the error message.
install_wanted() {
    [ ${#wanted[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "missing: ${wanted[*]}; cannot install them without apt-get; $1"
    [ "$(id -u)" = 0 ] || die "missing: ${wanted[*]}; as root, run apt-get install ${wanted[*]}; $1"
    log "installing ${wanted[*]}"
    mkdir -p "$cache"
    {
        apt-get update -q &&
            DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
                -o DPkg::Lock::Timeout=300 "${wanted[@]}"
    } >"$cache/apt.log" 2>&1 9>&- || die "apt-get install ${wanted[*]} failed; $1" "$cache/apt.log"
    wanted=()
}
