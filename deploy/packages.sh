#!/bin/sh
# What a CKAN on this machine needs of the system: Java and Maven, for Solr. With the word
# "browser" a Chromium too, in which the live tests look at pages.
set -eu

has() { command -v "$1" >/dev/null; }

wanted=""
has java || wanted="$wanted default-jre-headless"
has mvn || wanted="$wanted maven"
if [ "${1:-}" = browser ]; then
    has chromium || has chromium-browser || has google-chrome || wanted="$wanted chromium fonts-dejavu-core"
fi
[ -n "$wanted" ] || exit 0
if [ "$(id -u)" = 0 ] && has apt-get; then
    echo "Installing$wanted ..."
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
else
    echo "Please install with your system's package manager:$wanted" >&2
    exit 1
fi
