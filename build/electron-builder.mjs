// What goes into the desktop packages: the built parts and the one native module; no sources, no maps, no carried Node.
export default {
  appId: 'example.porch.desktop',
  productName: 'Porch',
  directories: { output: 'release', buildResources: 'build' },
  files: ['dist/desktop/**', 'dist/renderer/**', 'package.json', '!**/*.map', '!node_modules/**', 'node_modules/better-sqlite3/{package.json,lib/**}', 'node_modules/better-sqlite3/prebuilds/${platform}-${arch}*'],
  asarUnpack: ['**/*.node'],
  npmRebuild: false,
  publish: null,
  linux: { target: ['AppImage', 'deb'], category: 'Network', maintainer: 'The Porch authors' },
  win: { target: ['nsis'] },
}
