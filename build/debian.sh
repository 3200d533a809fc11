#!/bin/sh
# Installs what the end-to-end tests start: Chromium, swaks, knot, nsd, nft, makensis and Postfix from Debian's packages; Exim, which cannot be
# installed beside Postfix, unpacked into .cache/exim. Does nothing where all is there. Says what is missing where it cannot
# help (no Debian, no root, no network), and ends well all the same: the tests then skip, loudly.
set -u
cd "$(dirname "$0")/.." || exit 1

say() { echo "porch: $*" >&2; }

missing=
want() { # program package
  [ -x "$1" ] || missing="$missing $2"
}
want /usr/bin/chromium chromium
want /usr/bin/swaks swaks
want /usr/sbin/knotd knot
want /usr/sbin/nsd nsd
want /usr/lib/postfix/sbin/master postfix
want /usr/sbin/nft nftables
# It compiles what our installer for Windows adds; a machine of one's own for the packages needs ip.
want /usr/bin/makensis nsis
want /usr/sbin/ip iproute2
# swaks does TLS with it.
[ -e /usr/share/perl5/IO/Socket/SSL.pm ] || missing="$missing libio-socket-ssl-perl"
# Exim's libraries that a machine without any Exim may lack; its program runs setuid, so they must be in the usual place.
library() { # file package
  for file in /lib/*/"$1" /usr/lib/*/"$1"; do
    [ -e "$file" ] && return 0
  done
  missing="$missing $2"
}
library libidn.so.12 libidn12
library libgnutls-dane.so.0 libgnutls-dane0
exim=.cache/exim/usr/sbin/exim4
# Exim looks up the user it was built for, even where it runs as root.
exim_user() { grep -q '^Debian-exim:' /etc/passwd; }
[ -x "$exim" ] && exim_user && [ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  say "no apt-get here; the end-to-end tests that need these are skipped:$missing $([ -x "$exim" ] || echo exim)"
  exit 0
fi

updated=
update() {
  [ -n "$updated" ] && return 0
  updated=yes
  say "apt-get update …"
  apt-get update -q >/dev/null 2>&1 || say "apt-get update failed; trying with the lists that are there"
}

if [ -n "$missing" ]; then
  if [ "$(id -u)" != 0 ]; then
    say "not root; the end-to-end tests that need these are skipped:$missing (as root: sh build/debian.sh)"
  else
    update
    say "installing$missing …"
    # No service may start by itself: the tests run private instances on ports of their own, and port 25 stays free.
    policy=/usr/sbin/policy-rc.d
    ours=
    if [ ! -e "$policy" ]; then
      ours=yes
      printf '#!/bin/sh\nexit 101\n' >"$policy"
      chmod 755 "$policy"
    fi
    for package in $missing; do
      DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$package" >.debian.log 2>&1 ||
        { say "cannot install $package; the tests that need it are skipped. The end of what apt-get said:"; tail -3 .debian.log >&2; }
    done
    rm -f .debian.log
    [ -n "$ours" ] && rm -f "$policy"
  fi
fi

if [ ! -x "$exim" ]; then
  [ "$(id -u)" = 0 ] && update
  say "unpacking Exim into .cache/exim …"
  mkdir -p .cache/exim/deb
  (cd .cache/exim/deb && apt-get download -q exim4-daemon-light >/dev/null 2>&1) || say "cannot download exim4-daemon-light"
  for archive in .cache/exim/deb/*.deb; do
    [ -f "$archive" ] && dpkg-deb -x "$archive" .cache/exim
  done
  rm -rf .cache/exim/deb
  [ -x "$exim" ] || say "no Exim; the end-to-end tests that need it are skipped"
fi
if [ -x "$exim" ] && ! exim_user; then
  { [ "$(id -u)" = 0 ] && useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin Debian-exim; } ||
    say "no user Debian-exim and no way to make one; the end-to-end tests that need Exim are skipped"
fi
exit 0
