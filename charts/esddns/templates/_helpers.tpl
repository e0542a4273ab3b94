{{/* The label helm.sh/chart. */}}
{{- define "esddns.chart" -}}
{{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Labels of the objects that are not in aspirate-output. */}}
{{- define "esddns.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/part-of: esddns
app.kubernetes.io/instance: {{ .root.Release.Namespace | quote }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ include "esddns.chart" .root }}
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

{{/* The variables of the operator that values add. */}}
{{- define "esddns.operatorEnv" -}}
{{- with .Values.operator.watchNamespace }}
- name: Esddns__Kubernetes__WatchNamespace
  value: {{ . | quote }}
{{- end }}
{{- with .Values.operator.env }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* An object of aspirate-output/monitoring: the list of its text, its values, further labels and the root. */}}
{{- define "esddns.monitoring" -}}
{{- $object := index . 0 | fromYaml }}
{{- $labels := merge (dict) (index . 1).labels (default (dict) $object.metadata.labels) (index . 2) }}
{{- $_ := set $object.metadata "labels" $labels }}
{{- $_ := set $object.metadata "namespace" (index . 3).Release.Namespace }}
{{- toYaml $object }}
{{- end }}
