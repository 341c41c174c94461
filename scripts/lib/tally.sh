# shellcheck shell=bash
# Runs the steps of scripts/test one after another, tells what it is doing and for how long, and counts.

passed=0 failed=0 skipped=0 failures=()
: "${results:=}"

say() { printf '\n== [%02d:%02d] %s\n' $((SECONDS / 60)) $((SECONDS % 60)) "$*"; }

step() { # step TITLE COMMAND...: one check that passes or fails
  local title=$1 began=$SECONDS status=0
  shift
  say "$title"
  in_group "$@" || status=$?
  if [ $status = 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1)) failures+=("$title: exit status $status")
  fi
  echo "-- $title: $([ $status = 0 ] && echo ok || echo "FAILED ($status)"), $((SECONDS - began)) s"
  return $status
}

# What vitest counted: PASSED FAILED SKIPPED, then one line a failed test. A file that cannot even be loaded has no
# test that failed, and counts as one.
# shellcheck disable=SC2016 # JavaScript's own
COUNT='const r = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
const broken = r.testResults.filter((f) => f.status === "failed" && !f.assertionResults.some((t) => t.status === "failed"));
console.log(r.numPassedTests, r.numFailedTests + broken.length, r.numPendingTests + r.numTodoTests);
for (const f of broken) console.log(f.name + ": " + String(f.message).split("\n")[0]);
for (const f of r.testResults) for (const t of f.assertionResults) if (t.status === "failed") console.log(f.name + ": " + t.fullName);'

vitest_step() { # vitest_step PROJECT [FILE...]: every test of it counts
  local project=$1 name=$1${ESCAPES_RELEASE:+ on $ESCAPES_RELEASE} began=$SECONDS status=0 counts p=0 f=0 s=0 line
  shift
  say "tests: $name"
  in_group vitest run --project "$project" --reporter=default --reporter=json \
    --outputFile.json="$results/$name.json" "$@" || status=$?
  if counts=$(node -e "$COUNT" "$results/$name.json" 2>/dev/null); then
    read -r p f s <<<"$counts"
    while read -r line; do failures+=("$line"); done < <(tail -n +2 <<<"$counts")
  fi
  # it crashed, or ran no test at all
  if [ "$f" = 0 ] && { [ "$status" != 0 ] || [ $((p + s)) = 0 ]; }; then
    f=1
    failures+=("tests: $name: exit status $status, $p passed")
  fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  echo "-- tests: $name: $p passed, $f failed, $s skipped, $((SECONDS - began)) s"
}

summary() { # ends the run
  say "done"
  [ ${#failures[@]} = 0 ] || printf 'failed: %s\n' "${failures[@]}"
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ]
  exit
}
