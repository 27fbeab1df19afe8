#!/bin/sh
# Makes the database cluster at the first start, then becomes the server. Any other command runs as it is.
set -eu

[ "${1:-}" = postgres ] || exec "$@"
shift

: "${POSTGRES_USER:?is not set: the name of the superuser, for example hma_admin}"
: "${POSTGRES_DB:?is not set: the name of the database, for example huntmaster}"

# A cluster is made beside its place and renamed when it is whole and on disk: after a kill there is either the whole
# of it or none. The superuser has no password: the socket admits it by its operating system user.
if [ ! -d "$PGDATA" ]; then
  unfinished="$PGDATA.unfinished"
  rm -rf "$unfinished"
  # The builtin locale orders by code point and never changes with a newer C library or ICU, which would quietly
  # corrupt indexes; a query that wants a language's order names an ICU collation.
  initdb --pgdata="$unfinished" --username="$POSTGRES_USER" --auth-local=peer --auth-host=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --locale-provider=builtin --builtin-locale=C.UTF-8 --data-checksums --no-instructions
  echo "CREATE DATABASE \"$POSTGRES_DB\"" | postgres --single -D "$unfinished" template1
  # The settings that count are the image's own: see below.
  rm "$unfinished/postgresql.conf" "$unfinished/pg_hba.conf" "$unfinished/pg_ident.conf"
  mv "$unfinished" "$PGDATA"
  sync "${PGDATA%/*}"
fi

# Settings come from the image, so that those in the volume cannot drift; the caller's -c options come last and win.
exec postgres -D "$PGDATA" \
  -c config_file=/etc/hma/postgresql.conf \
  -c hba_file=/etc/hma/pg_hba.conf \
  -c ident_file=/etc/hma/pg_ident.conf \
  -c cron.database_name="$POSTGRES_DB" \
  "$@"
