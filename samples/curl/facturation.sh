#!/bin/sh
# Asks Facturation what was consumed, and records a meter reading. POSIX shell and curl 7.55 or later.
#
#   sh facturation.sh consommation DEBUT FIN [xml|json]      days as 2026-03-01, both included
#   sh facturation.sh reading METER INDEX_MILLI READ_AT RECORDED_BY
#
# FACTURATION_URL and FACTURATION_KEY say where the service is and who asks; without them, the demo on this machine.
set -eu

url=${FACTURATION_URL:-http://localhost:5080}
key=${FACTURATION_KEY:-fct_demo0000_demodemodemodemodemodemodemodemo}
tries=5
longest_wait=60

headers=$(mktemp)
body=$(mktemp)
trap 'rm -f "$headers" "$body"' EXIT

# post PATH JSON [curl options…]: prints the answer, or the error's status and body on standard error.
# Tries again what may pass by itself: no answer (curl says 000), too busy, out of order.
post() {
  path=$1
  json=$2
  shift 2
  try=1
  while :; do
    : >"$headers" >"$body"
    # The key comes through standard input: arguments show in the list of processes.
    status=$(printf 'X-API-Key: %s\n' "$key" | curl --silent --show-error --max-time 30 --header @- \
      --header 'Content-Type: application/json' --data "$json" "$@" \
      --dump-header "$headers" --output "$body" --write-out '%{http_code}' "$url/$path") || status=000
    case $status in
      2??) cat "$body"; echo; return 0 ;;
      000 | 408 | 429 | 500 | 502 | 503 | 504) ;;
      *) try=$tries ;;
    esac
    if [ "$try" -ge "$tries" ]; then
      echo "$status $(cat "$body")" >&2
      return 1
    fi
    # As long as the service says, else longer each time; never just as long as another program waits.
    random=$(od -An -N2 -tu2 /dev/urandom)
    told=$(sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9]\{1,5\}\)[[:space:]]*$/\1/p' "$headers")
    if [ -n "$told" ]; then
      wait=$((told + random % 2))
    else
      wait=$((random % (1 << try)))
    fi
    sleep $((wait < longest_wait ? wait : longest_wait))
    try=$((try + 1))
  done
}

case "${1-} $#" in
  "consommation 3" | "consommation 4")
    post api/ConsommationV2 "{\"Debut\":\"$2\",\"Fin\":\"$3\"}" --header "Accept: application/${4:-json}"
    ;;
  "reading 5")
    # One key for all tries: whichever of them reached the service, the reading counts once. A program that may be
    # stopped between two tries keeps it beside the reading.
    idempotency_key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    post "v1/meters/$2/readings/manual" "{\"indexValueMilli\":\"$3\",\"readAt\":\"$4\",\"recordedBy\":\"$5\"}" \
      --header "Idempotency-Key: $idempotency_key"
    ;;
  *)
    sed -n '4,5s/^# *//p' "$0" >&2
    exit 2
    ;;
esac
