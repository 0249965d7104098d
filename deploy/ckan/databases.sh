#!/bin/sh
# CKAN's database and the DataStore's, made once, when PostgreSQL starts on an empty volume.
# What each role may do in the DataStore is set by CKAN itself whenever it starts
# (`ckan datastore set-permissions`).
set -eu

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set owner_password="$CKAN_DATABASE_PASSWORD" \
  --set reader_password="$CKAN_DATASTORE_PASSWORD" <<'SQL'
CREATE ROLE ckan LOGIN PASSWORD :'owner_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE datastore_ro LOGIN PASSWORD :'reader_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE ckan OWNER ckan ENCODING 'UTF8';
CREATE DATABASE datastore OWNER ckan ENCODING 'UTF8';
REVOKE CONNECT ON DATABASE ckan FROM PUBLIC;
SQL
