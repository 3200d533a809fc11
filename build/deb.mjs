// The Debian package, from an unpacked application (electron-builder's `dir`), by Debian's own dpkg-deb: electron-builder's
// way to a .deb is a program that it downloads. Everything belongs to root and only root can write it.
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fail, root, run } from './tools.mjs'

const ARCH = { x64: 'amd64', arm64: 'arm64' }
/** What the window needs: recommended, so that a server without a desktop can do without (apt install --no-install-recommends). */
const WINDOW = 'libgtk-3-0, libnotify4, libnss3, libxss1, libxtst6, xdg-utils, libatspi2.0-0, libuuid1, libsecret-1-0, libgbm1, libasound2'

/** `compression`: as dpkg-deb -Z takes it. Returns the file. */
export function buildDeb({ unpacked, arch = process.arch, compression = 'xz', into = join(root, 'release') }) {
  const { version, description, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const debArch = ARCH[arch] ?? fail(`no Debian package for ${arch}`)
  const tree = join(root, '.cache', 'package', 'deb')
  rmSync(tree, { recursive: true, force: true })
  const put = (from, to, mode = 0o644) => {
    mkdirSync(dirname(join(tree, to)), { recursive: true })
    cpSync(from, join(tree, to), { recursive: true })
    if (!statSync(from).isDirectory()) chmodSync(join(tree, to), mode)
  }
  const write = (to, text, mode = 0o644) => {
    mkdirSync(dirname(join(tree, to)), { recursive: true })
    writeFileSync(join(tree, to), text)
    chmodSync(join(tree, to), mode)
  }
  const here = (...path) => join(root, 'build', ...path)

  put(unpacked, 'opt/Porch')
  const sizes = readdirSync(here('icons', 'png'))
  for (const size of sizes) put(here('icons', 'png', size), `usr/share/icons/hicolor/${size.replace('.png', '')}/apps/porch.png`)
  put(here('icons', 'porch.svg'), 'usr/share/icons/hicolor/scalable/apps/porch.svg')
  put(here('debian', 'porch.desktop'), 'usr/share/applications/porch.desktop')
  put(here('debian', 'porch'), 'usr/bin/porch', 0o755)
  write('usr/share/doc/porch/copyright', copyright(license))
  write('usr/share/doc/porch/changelog.gz', gzipSync(readFileSync(join(root, 'CHANGELOG.md')), { level: 9 }))
  closeAll(tree)
  // Electron's own sandbox, where the kernel gives no user namespaces to everybody.
  const sandbox = join(tree, 'opt/Porch/chrome-sandbox')
  if (existsSync(sandbox)) chmodSync(sandbox, 0o4755)
  const installed = Math.ceil(sizeOf(tree) / 1024)
  for (const script of ['postinst', 'prerm', 'postrm']) put(here('debian', script), `DEBIAN/${script}`, 0o755)
  write('DEBIAN/control', `Package: porch
Version: ${version}
Architecture: ${debArch}
Maintainer: The Porch authors <porch@shop.example>
Section: mail
Priority: optional
Installed-Size: ${installed}
Depends: libc6 (>= 2.28), libstdc++6, passwd
Recommends: ${WINDOW}
Description: ${description.split(':')[0]}
 Every host that wants to deliver mail waits on the porch until its DNS has
 been checked. Who passes is handed through to the mail server; who does not
 is refused with a reason a postmaster can act on, and the admin sees it.
`)
  mkdirSync(into, { recursive: true })
  const file = join(into, `porch_${version}_${debArch}.deb`)
  run('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', tree, file])
  rmSync(tree, { recursive: true, force: true })
  return file
}

/** Whatever the umask was: readable by all, writable by root alone. */
function closeAll(dir) {
  chmodSync(dir, 0o755)
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) closeAll(path)
    else if (!entry.isSymbolicLink()) chmodSync(path, (statSync(path).mode & 0o111) === 0 ? 0o644 : 0o755)
  }
}

function sizeOf(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

function copyright(license) {
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Porch

Files: *
Copyright: The Porch authors
License: ${license}

Files: opt/Porch/*
Copyright: see opt/Porch/LICENSE.electron.txt, opt/Porch/LICENSES.chromium.html and the LICENSE files in opt/Porch/resources
License: various

License: ${license}
${readFileSync(join(root, 'LICENSE'), 'utf8').trim().split('\n').map((line) => ` ${line.trim() === '' ? '.' : line}`).join('\n')}
`
}
