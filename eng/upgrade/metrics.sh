# shellcheck shell=bash
# The names and labels of metrics. Sourced by eng/upgrade.sh, after the programs were scraped.

# labels FILE: the metrics of a program, one "name label" a line.
labels() {
    grep -v '^#' "$1" | sed -E 's/ [^ ]+$//; s/="([^"\\]|\\.)*"//g; s/[{},]/ /g' |
        awk '{ print $1; for (i = 2; i <= NF; i++) print $1, $i }' | sort -u
}

keeps_metrics() {
    local lost
    lost=$(comm -23 <(labels "$work/old$1.metrics") <(labels "$work/new$1.metrics"))
    [ -z "$lost" ] || { echo "$lost"; return 1; }
}
check "the operator keeps the metrics and labels of the earlier version" keeps_metrics ""
check "the page keeps the metrics and labels of the earlier version" keeps_metrics -web
