#!/usr/bin/env bash
# The steps of action.yml: the counts as outputs, the report as summary and comment, annotations, and the exit code.
set -euo pipefail

options=()
for who in $FAIL_ON; do options+=(--fail-on "$who"); done
if [[ -n $BASELINE ]]; then options+=(--baseline "$BASELINE"); fi

report() { # FORMAT; what reaches --fail-on is told by the annotations
  modelgen diff --quiet --format "$1" ${options[@]+"${options[@]}"} -- "$OLD" "$NEW" || [[ $? == 1 ]]
}

folder=$(mktemp -d)
report json >"$folder/report.json"
report markdown >"$folder/report.md"
python - "$folder/report.json" >>"$GITHUB_OUTPUT" <<'EOF'
import json, sys

with open(sys.argv[1], encoding="utf-8") as file:
    report = json.load(file)
entries = report["summary"]["entries"]
for name, key in (("wire", "wire"), ("python", "python"), ("may-break", "may"), ("safe", "safe")):
    print(f"{name}={entries.get(key, 0)}")
print(f"bump={report['bump']}")
EOF
cat "$folder/report.md" >>"$GITHUB_STEP_SUMMARY"

comment() {
  local marker="<!-- modelgen diff $NEW -->" pulls="repos/$GITHUB_REPOSITORY/issues" found
  { echo "$marker"; cat "$folder/report.md"; } >"$folder/comment.md"
  found=$(MARKER=$marker gh api --paginate "$pulls/$PULL_REQUEST/comments" \
    --jq '.[] | select(.body | startswith(env.MARKER)) | .id' | head -n 1)
  if [[ -n $found ]]; then
    gh api --silent --method PATCH "$pulls/comments/$found" --field "body=@$folder/comment.md"
  elif ! grep -q '^No change\.$' "$folder/report.md"; then
    gh api --silent --method POST "$pulls/$PULL_REQUEST/comments" --field "body=@$folder/comment.md"
  fi
}
if [[ $COMMENT == true && -n $PULL_REQUEST ]]; then
  comment || echo "::warning title=modelgen diff::The comment could not be written; it takes the permission pull-requests: write"
fi

modelgen diff --quiet --format github ${options[@]+"${options[@]}"} -- "$OLD" "$NEW"
