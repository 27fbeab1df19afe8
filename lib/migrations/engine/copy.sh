#!/bin/bash
# Makes a copy $2 of the database $1, which the role $3 can enter. Runs beside the server, as its superuser and over its
# socket, so that no data leaves it. The copy is there as long as somebody holds this script's standard input: however
# whoever started it ends, the copy goes.
set -euo pipefail
source=$1 copy=$2 role=$3
export PGUSER="$POSTGRES_USER" PGAPPNAME=hma-migrations
# The copying is nothing that anyone wants to find in the server's log or statistics.
export PGOPTIONS="-c pgaudit.log=none -c pg_stat_statements.track=none -c log_min_duration_statement=-1"

drop() { dropdb --if-exists --force "$copy"; }
sql() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=copy="$copy" --set=role="$role" --output=/dev/null "$@"; }

trap 'drop 2>/dev/null' EXIT
drop 2>/dev/null # what a crash of the server left
createdb --template=template0 "$copy"
sql --dbname=postgres <<<'REVOKE ALL ON DATABASE :"copy" FROM PUBLIC; GRANT CONNECT ON DATABASE :"copy" TO :"role"'
# pg_cron lives in one database of a server alone: no job runs in the copy.
pg_dump --exclude-extension=pg_cron --lock-wait-timeout=10s "$source" | sql --single-transaction --dbname="$copy"
vacuumdb --analyze-only --quiet "$copy"

echo ready
read -r # our sessions are in it: nobody else comes in, and access to the server is as declared again
sql --dbname=postgres <<<'REVOKE CONNECT ON DATABASE :"copy" FROM :"role"'
cat >/dev/null
