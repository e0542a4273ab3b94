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
