#!/bin/sh
set -eu
for router in edge-oslo edge-riga; do
  echo "collecting $router"
done
