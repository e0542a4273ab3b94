# shellcheck shell=bash
# Debian packages by what is needed of them; sourced after lib.sh.

# want FILE-OR-COMMAND PACKAGE...: a machine may have it from elsewhere, and keeps it.
wanted=()
want() { [ -e "$1" ] || command -v "$1" >/dev/null || wanted+=("${@:2}"); }

# install_wanted HINT: HINT says how else one gets it.
install_wanted() {
    [ ${#wanted[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "missing here: ${wanted[*]}, and there is no apt-get; $1"
    [ "$(id -u)" = 0 ] || die "missing here, and installing needs root: apt-get install ${wanted[*]}; $1"
    log "installing ${wanted[*]}"
    mkdir -p "$cache"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 "${wanted[@]}"; } \
        >"$cache/apt.log" 2>&1 9>&- || die "apt-get install ${wanted[*]} failed; $1" "$cache/apt.log"
    wanted=()
}
