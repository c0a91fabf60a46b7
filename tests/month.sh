#!/bin/sh
# A month of work with the commands alone, on an instance that `zitui demo --serve` runs. What the commands did is asked
# of the instance by curl, never of zitui.
#
# Needs: ZITUI (the program), WORLD (tests/worlds/levels.json), curl, and an empty folder to work in.
set -eu

fail() { echo "FAILED: $*" >&2; exit 1; }

work=$(pwd)
export HOME="$work" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config" XDG_CACHE_HOME="$work/cache"
unset ZITUI_PROFILE ZITUI_TOKEN ZITUI_TOKEN_FILE ZITUI_CONFIG 2>/dev/null || true

"$ZITUI" demo --serve --world "$WORLD" --quiet > served.json &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true' EXIT
tries=0
until [ -s served.json ]; do
    tries=$((tries + 1))
    [ "$tries" -le 600 ] || fail "the demo does not start"
    sleep 0.1
done
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" served.json; }
ZITUI_URL=$(field url)
ZITUI_KEY_FILE=$(field key_file)
token=$(field zitui)
export ZITUI_URL ZITUI_KEY_FILE

# ask ORG PATH: what the instance says.
ask() {
    curl --silent --show-error --fail --noproxy '*' -X POST "$ZITUI_URL$2" -H "Authorization: Bearer $token" \
        -H "x-zitadel-orgid: $1" -H 'Content-Type: application/json' -d "${3:-{\}}"
}
# roles ORG PATH USER: the roles that a user holds there, as in "A","B"; nothing if it is no manager.
roles() {
    ask "$1" "$2/_search" "{\"queries\":[{\"userIdQuery\":{\"userId\":\"$3\"}}]}" \
        | tr -d ' \n' | sed 's/.*"result"://' | sed -n 's/.*"roles":\[\([^]]*\)\].*/\1/p'
}
expect() { [ "$2" = "$3" ] || fail "$1: expected '$3', found '$2'"; }
# exits CODE COMMAND...: runs it and compares the exit code.
exits() {
    wanted=$1
    shift
    code=0
    "$@" > out.txt 2> err.txt || code=$?
    [ "$code" = "$wanted" ] || { cat out.txt err.txt >&2; fail "exit code $code instead of $wanted: $*"; }
}
org=/management/v1/orgs/me/members
project=/management/v1/projects/302/members
grant=/management/v1/projects/302/grants/401/members

echo "Day 1: who am I, and who manages what"
exits 0 "$ZITUI" whoami -o json
grep -q '"user_id":"201"' out.txt || fail "whoami"
exits 0 "$ZITUI" managers list -o csv
expect "managers before" "$(wc -l < out.txt | tr -d ' ')" 7
cp out.txt before.csv

echo "Day 2: a team comes, from a file"
cat > team.csv <<'CSV'
user,organization,project,grant,roles
deploy-bot,Globex,,,ORG_USER_MANAGER
deploy-bot,Globex,Portal,,PROJECT_OWNER
lena@mail.example,Globex,,,ORG_OWNER_VIEWER
alice.two,,Portal,Initech,PROJECT_GRANT_OWNER_VIEWER
CSV
exits 2 "$ZITUI" managers add --from team.csv
exits 0 "$ZITUI" managers add --from team.csv --dry-run -o json
expect "a dry run changes nothing" "$(roles 102 $org 202)" ''
exits 0 "$ZITUI" managers add --from team.csv --yes -o jsonl
expect "a result for each line" "$(wc -l < out.txt | tr -d ' ')" 4
expect "deploy-bot on Globex" "$(roles 102 $org 202)" '"ORG_USER_MANAGER"'
expect "deploy-bot on Portal" "$(roles 102 $project 202)" '"PROJECT_OWNER"'
expect "lena on Globex" "$(roles 102 $org 207)" '"ORG_OWNER_VIEWER"'
expect "alice.two on the grant" "$(roles 102 $grant 206)" '"PROJECT_GRANT_OWNER","PROJECT_GRANT_OWNER_VIEWER"'
exits 0 "$ZITUI" managers add --from team.csv --yes -o csv --columns result --no-headers
expect "again nothing is to do" "$(sort -u out.txt)" 'already holds'

echo "Day 9: a line that means nobody stops the whole file"
printf 'user,organization,roles\nnobody,Globex,ORG_OWNER\ndeploy-bto,Globex,ORG_OWNER\n' > wrong.csv
exits 5 "$ZITUI" managers add --from wrong.csv --yes
grep -q 'Line 3' err.txt || fail "the line is not named"
grep -q 'did you mean deploy-bot' err.txt || fail "no suggestion"
expect "nothing was written" "$(roles 102 $org 204)" ''

echo "Day 12: a change of roles"
exits 0 "$ZITUI" managers set --org Globex --user deploy-bot --role ORG_OWNER --yes
expect "exactly these roles" "$(roles 102 $org 202)" '"ORG_OWNER"'
exits 0 "$ZITUI" managers remove --project 302 --user deploy-bot --role PROJECT_OWNER --yes
expect "no manager of Portal any more" "$(roles 102 $project 202)" ''

echo "Day 20: somebody leaves"
exits 0 "$ZITUI" managers list --user alice -o jsonl
cp out.txt leaving.jsonl
exits 6 "$ZITUI" managers remove --from leaving.jsonl --yes
grep -q 'allow-lockout "Portal"' err.txt || fail "the guard does not say how to go on"
expect "a guard keeps the last owner" "$(roles 102 $project 205)" '"PROJECT_OWNER"'
exits 0 "$ZITUI" managers remove --from leaving.jsonl --yes --allow-lockout Portal
expect "alice left Globex" "$(roles 102 $org 205)" ''
expect "alice left Portal" "$(roles 102 $project 205)" ''
exits 0 "$ZITUI" managers list --user alice -o ids
expect "alice manages nothing" "$(cat out.txt)" ''

echo "Day 21: that was too much, one change is taken back"
exits 0 "$ZITUI" history -o csv --no-headers --columns id,login_name,level
entry=$(sed -n 's/^\([0-9a-f]*\),alice,organization$/\1/p' out.txt | head -n 1)
[ -n "$entry" ] || fail "alice is not in the journal"
exits 0 "$ZITUI" history undo "$entry" --yes
expect "alice is back on Globex" "$(roles 102 $org 205)" '"ORG_OWNER"'
exits 0 "$ZITUI" history undo "$entry" --yes
expect "once is enough" "$(roles 102 $org 205)" '"ORG_OWNER"'

echo "Day 30: the list for the auditor"
exits 0 "$ZITUI" managers list -o csv
expect "managers after" "$(wc -l < out.txt | tr -d ' ')" 8
exits 0 "$ZITUI" managers list -o ids
expect "no id twice" "$(sort out.txt | uniq -d)" ''
exits 0 "$ZITUI" managers list --role ORG_OWNER -o json
"$ZITUI" managers list -o jsonl | head -n 1 > first.txt
[ -s first.txt ] || fail "head got nothing"

if "$ZITUI" doctor --help > doctor.txt 2>&1; then
    echo "Day 31: is everything in order"
    exits 0 "$ZITUI" doctor
fi
echo "the month went well"
