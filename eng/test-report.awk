# Reads a test report in xUnit's XML. Prints one line for each failed test, and the number of skipped tests by reason. Writes
# the slowest classes to the file named by -v slowest=FILE.
BEGIN { RS = "<test " }

function attribute(name,    from) {
    from = index($0, " " name "=\"")
    if (!from) return ""
    from += length(name) + 3
    return plain(substr($0, from, index(substr($0, from), "\"") - 1))
}

function text(element,    from) {
    from = index($0, "<" element ">")
    if (!from) return ""
    from += length(element) + 2
    return plain(substr($0, from, index(substr($0, from), "</" element ">") - 1))
}

function plain(s) {
    gsub(/&quot;/, "\"", s); gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&amp;/, "\\&", s)
    gsub(/\\+"/, "\"", s)
    gsub(/[ \t\r\n]+/, " ", s)
    return s
}

NR == 1 { next }
{
    result = attribute("result")
    spent[attribute("type")] += attribute("time")
}
result == "Fail" { failed[++failures] = attribute("name") ": " substr(text("message"), 1, 200) }
result == "Skip" {
    reason = text("reason")
    if (!skipped[reason]++) reasons[++kinds] = reason
}

END {
    if (failures) print "Failed:"
    for (i = 1; i <= failures; i++) print "  " failed[i]
    if (kinds) print "Skipped (not counted as passed):"
    for (i = 1; i <= kinds; i++) print "  " skipped[reasons[i]] ": " reasons[i]
    for (type in spent) printf "%8.1f s  %s\n", spent[type], type | ("sort -rn >" slowest)
}
