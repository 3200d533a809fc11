/** Whether this Node can carry the store: asked before better-sqlite3 is loaded, which crashes the process below 22.14. */

/** Throws one clear line. The compression of blocks came with 22.15. */
export function refuseOldNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 15)) return
  throw new Error(`Porch needs Node 22.15 or later for its store; this is Node ${process.versions.node} (npx porch uses the one that came with npm ci)`)
}
