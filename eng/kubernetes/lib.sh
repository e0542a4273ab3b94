# shellcheck shell=bash
# Functions shared by the scripts of this folder; source it. Results go to stdout, progress and errors to stderr.
set -Eeuo pipefail
umask 022
export PATH=$PATH:/usr/sbin:/sbin

program=$(basename "$0")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/esddns-kube
assets=${KUBEBUILDER_ASSETS:-$cache/assets}
bin=$cache/bin
pause_image=localhost/esddns-pause:1

log() { echo "$program: $*" >&2; }

# die REASON [LOG]: prints one line and the end of the log, and exits.
die() {
    trap - ERR
    echo "$program: $1" >&2
    [ -z "${2:-}" ] || [ ! -s "$2" ] || tail -n 15 "$2" | cut -c1-300 >&2
    exit 1
}
trap 'die "line $LINENO failed: $BASH_COMMAND"' ERR

# A pid and a start time identify a process: the kernel reuses pids.
start_time() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    stat=${stat##*) }
    # shellcheck disable=SC2086 # the fields are to be split
    set -- $stat
    [ "$1" != Z ] && echo "${20}"
}

# spawn NAME COMMAND...: starts a detached process with a minimal environment. Its output goes to $dir/log/NAME.log.
spawn() {
    local name=$1
    shift
    setsid env -i PATH="$PATH" HOME=/root LANG=C.UTF-8 "$@" </dev/null >>"$dir/log/$name.log" 2>&1 9>&- &
    echo "$! $(start_time $!)" >"$dir/pid/$name" || die "$name ended at once" "$dir/log/$name.log"
    disown $!
}

alive() {
    local pid started
    read -r pid started 2>/dev/null <"$dir/pid/$1" && [ "$(start_time "$pid" || true)" = "$started" ]
}

# stop NAME: stops a process and waits until it has exited.
stop() {
    local pid i
    if alive "$1"; then
        read -r pid _ <"$dir/pid/$1"
        kill -KILL "$pid" 2>/dev/null || true
        for ((i = 0; i < 200; i++)); do alive "$1" || break; sleep 0.1; done
        ! alive "$1" || die "process $pid ($1) does not end"
    fi
    rm -f "$dir/pid/$1"
}

# wait_for WHAT NAMES COMMAND...: waits until COMMAND succeeds, for at most two minutes. Fails if a process in NAMES
# exits.
wait_for() {
    local what=$1 names=$2 name i
    shift 2
    for ((i = 0; i < 400; i++)); do
        ! ("$@") >/dev/null 2>&1 || return 0
        for name in $names; do alive "$name" || die "$name exited while waiting for $what" "$dir/log/$name.log"; done
        sleep 0.3
    done
    die "timed out after two minutes, waiting for $what" "$dir/log/${names##* }.log"
}
