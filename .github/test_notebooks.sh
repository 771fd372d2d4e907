#!/usr/bin/env bash
# What action.yml does: tests notebooks, leaves reports, and ends with the exit code of qsight test.
# Settings come as variables QSIGHT_ACTION_*; of notebooks and options each line is one word.
set -euo pipefail

readonly report=${QSIGHT_ACTION_REPORT:-qsight-report}
mapfile -t notebooks < <(grep -v '^[[:space:]]*$' <<<"${QSIGHT_ACTION_NOTEBOOKS:-}" || true)
mapfile -t options < <(grep -v '^[[:space:]]*$' <<<"${QSIGHT_ACTION_OPTIONS:-}" || true)
if [ "${#notebooks[@]}" -eq 0 ]; then
  printf '::error::The input "notebooks" names no pattern\n'
  exit 4
fi

# A folder of its own: the project keeps its packages and its deno.json.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/deno.json" <<'JSON'
{
  "nodeModulesDir": "auto",
  "imports": {
    "@babel/parser": "npm:@babel/parser@7.29.15",
    "diff": "npm:diff@9.0.0",
    "fast-png": "npm:fast-png@8.0.0",
    "parse5": "npm:parse5@8.1.1",
    "pixelmatch": "npm:pixelmatch@8.0.0",
    "sharp": "npm:sharp@0.35.5",
    "yaml": "npm:yaml@2.9.1"
  }
}
JSON
(cd "$scratch" && deno add --quiet "npm:@qsight/qsight@${QSIGHT_ACTION_VERSION:?}" && deno install --quiet)

mkdir -p "$report"
status=0
deno run -A --config "$scratch/deno.json" \
  "$scratch/node_modules/@qsight/qsight/bin/qsight.js" test "${notebooks[@]}" \
  --junit "$report/junit.xml" --json "$report/report.json" --html "$report/report.html" \
  ${options[@]+"${options[@]}"} | tee "$scratch/said" || status=$?

# The last line is "2 passed, 1 failed, 1 at fault in 3.2 s".
last=$(tail -n 1 "$scratch/said")
count() { grep -oE "[0-9]+ $1" <<<"$last" | grep -oE '^[0-9]+' || printf 0; }
printf 'passed=%d\nfailed=%d\n' "$(count passed)" "$(($(count failed) + $(count 'at fault')))" \
  >>"${GITHUB_OUTPUT:-/dev/null}"
printf 'Notebooks: %s\n' "$last" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
exit "$status"
