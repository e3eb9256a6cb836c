#!/bin/sh
# Turns a fresh debootstrap tree ($1) into the content of the base image. Runs on the host, as root.
set -eu
tree=${1:?the debootstrap tree}
recipe=$(dirname "$0")

cp -R "$recipe/rootfs/." "$tree/"
find "$tree/usr/share/doc" -type f ! -name copyright -delete
find "$tree/usr/share/doc" -depth -type d -empty -delete
# The name server and the host name belong to the machine that made the tree, not to the image.
rm -rf "$tree"/usr/share/man/* "$tree"/usr/share/info/* "$tree"/usr/share/lintian/* \
  "$tree"/usr/share/locale/* "$tree"/var/lib/apt/lists/* "$tree"/var/cache/apt/* \
  "$tree"/var/cache/debconf/*-old "$tree"/var/log/* "$tree"/etc/resolv.conf "$tree"/etc/hostname
