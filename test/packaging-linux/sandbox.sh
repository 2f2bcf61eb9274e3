#!/bin/sh
# Runs a program about as mt5-fabric-brain.service does, where there is no systemd to do it. What stands for what:
#   ProtectSystem=strict, ProtectHome     a root of its own, read-only, with nothing of the machine but /usr and some of /etc
#   PrivateTmp, StateDirectory            the only places that can be written
#   PrivateDevices                        /dev with null, zero, full, random and urandom
#   ProtectProc, ProcSubset, PID and IPC  /proc without the kernel's files and without other users' processes
#   DynamicUser, NoNewPrivileges, CapabilityBoundingSet, LimitCORE
#   LoadCredential                        a copy of mode 0400 of that user, in a folder that only it can read
# What it cannot stand for is said in the tests: the filter of system calls, SocketBindDeny and RestrictAddressFamilies.
# Needs root. In its environment: ROOT (an empty folder), PROGRAM (unpacked), CONFIG (becomes /etc/mt5-fabric), NODE.
set -eu
USER_ID=64321
CREDENTIALS=/run/credentials/mt5-fabric-brain.service

mount -t tmpfs -o mode=0755 tmpfs "$ROOT"
cd "$ROOT"
mkdir -p usr etc/mt5-fabric opt/mt5-fabric-brain proc dev tmp home root var/lib/mt5-fabric-brain ".$CREDENTIALS"
mount --bind /usr usr
mount -t tmpfs -o mode=0755 tmpfs usr/local
mkdir usr/local/bin
touch usr/local/bin/node
mount --bind "$NODE" usr/local/bin/node
mount -o remount,bind,ro usr/local/bin/node
mount -o remount,bind,ro usr
mount -o remount,ro usr/local
for name in bin lib lib64 sbin; do [ ! -L "/$name" ] || cp -P "/$name" "$name"; done
for name in ld.so.cache nsswitch.conf passwd group hosts resolv.conf; do [ ! -e "/etc/$name" ] || cp -L "/etc/$name" etc/; done

mount --bind "$PROGRAM" opt/mt5-fabric-brain
mount -o remount,bind,ro opt/mt5-fabric-brain
cp "$CONFIG"/* etc/mt5-fabric/
chmod 0644 etc/mt5-fabric/*
[ ! -e etc/mt5-fabric/connection.json ] || chmod 0600 etc/mt5-fabric/connection.json

for name in null zero full random urandom; do
  touch "dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
mount -t proc -o hidepid=invisible,subset=pid proc proc
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs tmp
mount -t tmpfs -o "mode=0700,uid=$USER_ID,gid=$USER_ID,nosuid,nodev" tmpfs var/lib/mt5-fabric-brain
mount -t tmpfs -o "mode=0500,uid=$USER_ID,gid=$USER_ID,nosuid,nodev" tmpfs ".$CREDENTIALS"
if [ -e etc/mt5-fabric/connection.json ]; then
  cp etc/mt5-fabric/connection.json ".$CREDENTIALS/connection.json"
  chmod 0400 ".$CREDENTIALS/connection.json"
  chown "$USER_ID:$USER_ID" ".$CREDENTIALS/connection.json"
fi
mount -o remount,ro,"mode=0500,uid=$USER_ID,gid=$USER_ID" ".$CREDENTIALS"
mount -o remount,ro "$ROOT"

ulimit -c 0
umask 0077
exec unshare --root="$ROOT" --wd=/var/lib/mt5-fabric-brain \
  setpriv --reuid="$USER_ID" --regid="$USER_ID" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
  "$@"
