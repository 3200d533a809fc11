// The packages, from what stage.mjs has laid out; run by pack.mjs. PORCH_PACKAGE=service (the installer for Windows, the deb):
// the parts that plain Node runs lie outside the archive, and its runtime comes along, for Electron's own binary is fused not
// to serve as Node. PORCH_PACKAGE=portable (AppImage): the window alone. PORCH_PLACEHOLDER: no real Electron, so no fuses in it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { STAGE } from './stage.mjs'
import { root } from './tools.mjs'

const service = process.env.PORCH_PACKAGE !== 'portable'
const windows = process.platform === 'win32'
const name = windows ? 'node.exe' : 'node'
const carried = join(root, 'node_modules', `node-${windows ? 'win' : 'linux'}-${process.arch}`, 'bin', name)
if (service && !existsSync(carried)) throw new Error(`the Node runtime to carry is not there: ${carried}`)

export default {
  appId: 'example.porch.desktop',
  productName: 'Porch',
  copyright: 'MIT licence',
  directories: { app: STAGE, output: process.env.PORCH_OUTPUT ?? 'release', buildResources: 'build' },
  electronVersion: JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8')).version,
  files: ['**/*', ...(service ? [] : ['!dist/node/**']), '!node_modules/**/{README.md,binding.gyp}'],
  asar: true,
  asarUnpack: service ? ['dist/node/**', 'dist/renderer/**', 'node_modules/**', 'package.json', 'LICENSE'] : ['**/*.node'],
  extraResources: service ? [{ from: carried, to: name }, ...(windows ? [{ from: 'build/windows/porch.cmd', to: 'porch.cmd' }] : [])] : [],
  npmRebuild: false,
  nodeGypRebuild: false,
  publish: null,
  ...(process.env.PORCH_PLACEHOLDER === undefined ? { electronFuses: {
    runAsNode: false, enableNodeOptionsEnvironmentVariable: false, enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true, enableEmbeddedAsarIntegrityValidation: true, enableCookieEncryption: true, grantFileProtocolExtraPrivileges: false,
  } } : {}),
  linux: { executableName: 'porch-desktop', icon: 'build/icons/png', category: 'Network', synopsis: 'An SMTP gate with a console', maintainer: 'The Porch authors <porch@shop.example>', target: 'AppImage' },
  win: { target: 'nsis', icon: 'build/icons/porch.ico' },
  nsis: { oneClick: false, perMachine: true, allowToChangeInstallationDirectory: true, license: 'LICENSE', include: 'build/windows/installer.nsh', deleteAppDataOnUninstall: false },
}
