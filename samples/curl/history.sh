#!/bin/sh
# Saves what a ConsommationV2 answers, month by month, as XML files that the service's `import` reads.
#
#   sh history.sh URL FIRST_MONTH LAST_MONTH DIRECTORY [curl options, to show who you are]
#   sh history.sh https://old.example.com 2024-01 2026-10 history --config old.curl
#
# A month that is saved already is not asked again: run it again to go on where it stopped.
set -eu

usage() {
  sed -n '4,5s/^# *//p' "$0" >&2
  exit 2
}

# count 2026-03: the months since the year 0.
count() {
  month=${1#*-}
  echo $((${1%-*} * 12 + ${month#0} - 1))
}

[ $# -ge 4 ] || usage
for month in "$2" "$3"; do
  case $month in
    [1-9][0-9][0-9][0-9]-0[1-9] | [1-9][0-9][0-9][0-9]-1[0-2]) ;;
    *) usage ;;
  esac
done
url=${1%/} at=$(count "$2") end=$(count "$3") directory=$4
shift 4
mkdir -p "$directory"

while [ "$at" -le "$end" ]; do
  year=$((at / 12)) month=$((at % 12 + 1))
  case $month in
    4 | 6 | 9 | 11) days=30 ;;
    2) days=$((28 + (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))) ;;
    *) days=31 ;;
  esac
  name=$(printf '%d-%02d' "$year" "$month")
  file=$directory/$name.xml
  if [ ! -e "$file" ]; then
    # Elements out of order would be dropped: Debut, then Fin.
    param="<ParamModel xmlns=\"http://schemas.datacontract.org/2004/07/Facturation.Api.Models\">"
    param="$param<Debut>$name-01</Debut><Fin>$name-$days</Fin></ParamModel>"
    # Under another name until it is whole.
    curl --fail --silent --show-error --retry 4 --header 'Content-Type: application/xml' --header 'Accept: application/xml' "$@" \
      --data "$param" --output "$file.partial" "$url/api/ConsommationV2"
    mv "$file.partial" "$file"
  fi
  others=$(grep -o '<DateDossier>[^<]*' "$file" | grep -cv ">$name-" || true)
  if [ "$others" -gt 0 ]; then
    echo "$name: $others details are of dossiers dated in another month: see docs/migration.md before you import" >&2
  fi
  at=$((at + 1))
done
