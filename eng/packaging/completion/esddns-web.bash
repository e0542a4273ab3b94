# bash completion of esddns-web
_esddns_web() {
    local word=${COMP_LINE:0:COMP_POINT} options
    word=${word##* }
    options='--check-config --help --version --services:operator:http:0= @SETTINGS@'
    # The value of a setting is not completed.
    [[ $word != *=* ]] || return 0
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    # bash ends a word at each colon, and replaces only what follows the last one.
    if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*:}"}"}")
    fi
    [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace
}
complete -F _esddns_web esddns-web
