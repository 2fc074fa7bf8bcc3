{{/* The name of all that belongs to a release: the release's, with the chart's behind it where it does not say so. */}}
{{- define "iir.name" -}}
{{- if contains "iir" .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-iir" (.Release.Name | trunc 48 | trimSuffix "-") -}}
{{- end -}}
{{- end -}}

{{/* What gateways are found by; it never changes. */}}
{{- define "iir.selector" -}}
app.kubernetes.io/name: iir
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "iir.labels" -}}
{{ include "iir.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{- end -}}

{{- define "iir.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "iir.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "iir.name" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{/* The ConfigMap with routes and rules. */}}
{{- define "iir.rules" -}}
{{- .Values.rules.existingConfigMap | default (printf "%s-rules" (include "iir.name" .)) -}}
{{- end -}}

{{/* "true" where there is PostgreSQL. */}}
{{- define "iir.hasDatabase" -}}
{{- if or .Values.database.url .Values.database.existingSecret }}true{{ end -}}
{{- end -}}

{{/* "true" where there is Redis. */}}
{{- define "iir.hasRedis" -}}
{{- if or .Values.redis.url .Values.redis.existingSecret }}true{{ end -}}
{{- end -}}

{{/* "true" where there is an administrator's key. */}}
{{- define "iir.hasAdminKey" -}}
{{- if or .Values.adminKey.value .Values.adminKey.existingSecret }}true{{ end -}}
{{- end -}}

{{/* "true" where more than one gateway may run. */}}
{{- define "iir.several" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicas) 1) }}true{{ end -}}
{{- end -}}

{{/* "true" where the gateway keeps SQLite in a volume. */}}
{{- define "iir.persistent" -}}
{{- if and .Values.persistence.enabled (not (include "iir.hasDatabase" .)) }}true{{ end -}}
{{- end -}}

{{/* HTTP, or HTTPS where the gateway itself has a certificate. */}}
{{- define "iir.scheme" -}}
{{- if dig "server" "tls" "certificate" "" .Values.config }}HTTPS{{ else }}HTTP{{ end -}}
{{- end -}}

{{/* The gateway's iir.yaml. */}}
{{- define "iir.config" -}}
iir:
  {{- .Values.config | toYaml | nindent 2 }}
{{- if .Values.logging }}
logging:
  {{- .Values.logging | toYaml | nindent 2 }}
{{- end }}
{{- end -}}

{{/* What the chart's own Secret holds; empty where it would hold nothing. */}}
{{- define "iir.secrets" -}}
{{- if .Values.adminKey.value }}
IIR_ADMIN_KEY: {{ .Values.adminKey.value | quote }}
{{- end }}
{{- if .Values.database.url }}
DATABASE_URL: {{ .Values.database.url | quote }}
{{- end }}
{{- if .Values.redis.url }}
REDIS_URL: {{ .Values.redis.url | quote }}
{{- end }}
{{- range $name, $key := .Values.providerKeys.values }}
{{ $name }}: {{ $key | quote }}
{{- end }}
{{- end -}}

{{/* What cannot work is refused with what to do. */}}
{{- define "iir.check" -}}
{{- if include "iir.several" . -}}
{{- $wish := ternary "autoscaling is enabled" (printf "replicas is %d" (int .Values.replicas)) .Values.autoscaling.enabled -}}
{{- if not (and (include "iir.hasDatabase" .) (include "iir.hasRedis" .)) -}}
{{- fail (printf "%s, but gateways that do not share PostgreSQL and Redis have keys and limits of their own: set url or existingSecret of database and of redis, or keep replicas: 1 without autoscaling." $wish) -}}
{{- end -}}
{{- if not (include "iir.hasAdminKey" .) -}}
{{- fail (printf "%s, but each gateway would make an admin key: set adminKey.value or adminKey.existingSecret." $wish) -}}
{{- end -}}
{{- end -}}
{{- range $name := list "adminKey" "database" "redis" -}}
{{- $both := index $.Values $name -}}
{{- if and $both.existingSecret (or $both.url $both.value) -}}
{{- fail (printf "%s has both a value and an existingSecret: keep one of them." $name) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.rules.files .Values.rules.existingConfigMap -}}
{{- fail "rules has both files and an existingConfigMap: keep one of them." -}}
{{- end -}}
{{- if and .Values.adminKey.value (lt (len .Values.adminKey.value) 16) -}}
{{- fail "adminKey.value is shorter than 16 characters: take a longer one, as openssl rand -hex 32 makes." -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (not .Values.autoscaling.inFlight) (not .Values.autoscaling.cpu) -}}
{{- fail "autoscaling is enabled, but autoscaling.inFlight and autoscaling.cpu are both 0: set one of them." -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- fail (printf "autoscaling.minReplicas is %d, more than maxReplicas, which is %d." (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- fail "ingress is enabled, but ingress.hosts is empty: name the host that clients call." -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- fail "httpRoute is enabled, but httpRoute.parentRefs is empty: name the Gateway that it hangs on." -}}
{{- end -}}
{{- end -}}
