{{/* The label helm.sh/chart. */}}
{{- define "esddns.chart" -}}
{{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Labels of the objects that are not in aspirate-output. */}}
{{- define "esddns.labels" -}}
app.kubernetes.io/name: {{ .name | quote }}
app.kubernetes.io/part-of: esddns
app.kubernetes.io/instance: {{ .root.Release.Namespace | quote }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | replace "+" "_" | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service | quote }}
helm.sh/chart: {{ include "esddns.chart" .root | quote }}
{{- end }}

{{/* The zone. */}}
{{- define "esddns.domain" -}}
{{ required "record.domain is required: your zone, e.g. example.com" .Values.record.domain }}
{{- end }}

{{/* The name in the zone. A name that ends with the zone would be published with the zone twice. */}}
{{- define "esddns.recordName" -}}
{{- $name := required "record.name is required: the name in the zone, e.g. home" .Values.record.name }}
{{- $zone := include "esddns.domain" . | lower | trimSuffix "." }}
{{- if hasSuffix (print "." $zone) (print "." (lower $name)) }}
{{- fail (printf "record.name: %s ends with the zone %s; write only the part before it, or @ for the zone itself" $name $zone) }}
{{- end }}
{{- if and (ne $name "@") (gt (len (print $name "." $zone)) 253) }}
{{- fail "record.name: with the zone it is longer than 253 characters" }}
{{- end }}
{{- $name }}
{{- end }}

{{/* An image, by the list of its values and the chart. */}}
{{- define "esddns.image" -}}
{{- $image := index . 0 -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default (index . 1).AppVersion }}
{{- end }}
{{- end }}

{{/*
Variables of a user, by the list of the value's name, its variables, and what sets other variables, by their names in
lower case. The programs do not distinguish cases, and Kubernetes merges two variables of one name into one. An entry of
a list is a variable of its own: NAME__0.
*/}}
{{- define "esddns.env" -}}
{{- $path := index . 0 }}
{{- $others := index . 2 }}
{{- range $variable := index . 1 }}
{{- $name := lower $variable.name }}
{{- with get $others $name | default (get $others (regexReplaceAll "__[0-9]+$" $name "")) }}
{{- fail (printf "%s: %s is set by %s" $path $variable.name .) }}
{{- end }}
{{- if and $variable.value $variable.valueFrom }}
{{- fail (printf "%s: %s has value and valueFrom" $path $variable.name) }}
{{- end }}
{{- $_ := set $others $name "another entry" }}
{{- end }}
{{- with index . 1 }}
{{- toYaml . }}
{{- end }}
{{- end }}

{{/* The variables of the operator that values add. */}}
{{- define "esddns.operatorEnv" -}}
{{- if and .Values.operator.watchNamespace .Values.operator.excludedNamespaces }}
{{- fail "operator.excludedNamespaces: cannot be combined with operator.watchNamespace; remove one of them" }}
{{- end }}
{{- if .Values.operator.watchNamespace }}
- name: Esddns__Kubernetes__WatchNamespace
  value: {{ .Values.operator.watchNamespace | quote }}
{{- else if .Values.operator.excludedNamespaces }}
- name: Esddns__Kubernetes__ExcludedNamespaces
  value: {{ join "," .Values.operator.excludedNamespaces | quote }}
{{- end }}
{{ include "esddns.env" (list "operator.env" .Values.operator.env (dict
    "kopf_log_level" "operator.logLevel"
    "http_ports" "operator.port"
    "urls" "operator.port"
    "aspnetcore_urls" "operator.port"
    "dotnet_urls" "operator.port"
    "pod_name" "the chart"
    "pod_namespace" "the chart"
    "node_name" "the chart"
    "otel_dotnet_experimental_otlp_retry" "the chart"
    "aspnetcore_forwardedheaders_enabled" "the chart"
    "esddns__kubernetes__enabled" "the chart"
    "esddns__kubernetes__watchnamespace" "operator.watchNamespace"
    "esddns__kubernetes__excludednamespaces" "operator.excludedNamespaces"
    "esddns__api__tokenfile" "apiToken.enabled")) }}
{{- end }}

{{/* The variables of the web service that values add. */}}
{{- define "esddns.webEnv" -}}
{{ include "esddns.env" (list "web.env" .Values.web.env (dict
    "http_ports" "the chart"
    "urls" "the chart"
    "aspnetcore_urls" "the chart"
    "dotnet_urls" "the chart"
    "otel_dotnet_experimental_otlp_retry" "the chart"
    "aspnetcore_forwardedheaders_enabled" "the chart"
    "services__operator__http__0" "the chart"
    "esddns__web__access__passwordfile" "closedPage.enabled"
    "esddns__web__access__tokenfile" "closedPage.enabled"
    "esddns__web__operatortokenfile" "apiToken.enabled")) }}
{{- end }}

{{/* The networks that may reach the load balancer. The API server refuses them for other types of the Service. */}}
{{- define "esddns.sourceRanges" -}}
{{- with .Values.web.service.loadBalancerSourceRanges }}
{{- if ne $.Values.web.service.type "LoadBalancer" }}
{{- fail (printf "web.service.loadBalancerSourceRanges: the type %s has no source ranges" $.Values.web.service.type) }}
{{- end }}
{{- toYaml . }}
{{- end }}
{{- end }}

{{/* An object of aspirate-output/monitoring: the list of its text, its values, further labels and the root. */}}
{{- define "esddns.monitoring" -}}
{{- $object := index . 0 | fromYaml }}
{{- $labels := merge (dict) ((index . 1).labels | default dict) (default (dict) $object.metadata.labels) (index . 2) }}
{{- $_ := set $object.metadata "labels" $labels }}
{{- $_ := set $object.metadata "namespace" (index . 3).Release.Namespace }}
{{- toYaml $object }}
{{- end }}
