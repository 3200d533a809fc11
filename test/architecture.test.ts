/** DESIGN's rules about who may import whom, and about the shape of a file, checked over the whole source. */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const PARTS = ['shared', 'electron', 'renderer'] as const

interface Source {
  /** Relative to the root, with "/". */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
}

interface Import {
  readonly specifier: string
  /** Inside the repository: the path from the root; else null. */
  readonly path: string | null
}

function sourcesOf(part: string): Source[] {
  return readdirSync(join(ROOT, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => readSource(join(entry.parentPath, entry.name)))
}

function readSource(file: string): Source {
  const text = readFileSync(file, 'utf8')
  const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => ({
    specifier: fileName,
    path: fileName.startsWith('.') ? posix(relative(ROOT, resolve(dirname(file), fileName))) : null,
  }))
  return { path: posix(relative(ROOT, file)), text, imports }
}

function posix(path: string): string {
  return path.replaceAll('\\', '/')
}

/** "electron/gate/x.ts" → "gate"; "electron/x.ts" → "". */
function folder(path: string): string {
  const parts = path.split('/')
  return parts.length > 2 ? (parts[1] ?? '') : ''
}

function top(path: string): string {
  return path.split('/')[0] ?? ''
}

/** Each broken rule as "file: what". */
function broken(sources: readonly Source[], complain: (source: Source, imported: Import) => string | null): string[] {
  return sources.flatMap((source) =>
    source.imports.flatMap((imported) => {
      const what = complain(source, imported)
      return what === null ? [] : [`${source.path}: ${what}`]
    }),
  )
}

const shared = sourcesOf('shared')
const electron = sourcesOf('electron')
const renderer = sourcesOf('renderer')
const all = [...shared, ...electron, ...renderer]

describe('who may import whom', () => {
  test('shared is pure: itself and pure packages', () => {
    const pure = ['zod', 'tldts', '@orpc/contract']
    const found = broken(shared, (_, { specifier, path }) =>
      path === null ? (pure.includes(specifier) ? null : `imports ${specifier}`) : top(path) === 'shared' ? null : `reaches out to ${path}`,
    )
    expect(found).toEqual([])
  })

  test('shared has no clock and no chance', () => {
    const found = shared.flatMap((source) => impureCalls(source).map((call) => `${source.path}: ${call}`))
    expect(found).toEqual([])
  })

  test('inside shared: net ← smtp, dns ← gate ← notice; net, gate ← search', () => {
    const below: Readonly<Record<string, readonly string[]>> = {
      net: ['net'],
      smtp: ['smtp', 'net', ''],
      dns: ['dns', 'net', ''],
      gate: ['gate', 'smtp', 'dns', 'net', ''],
      search: ['search', 'gate', 'dns', 'net', ''],
      report: ['report', 'search', 'gate', 'dns', 'net', ''],
      notice: ['notice', 'gate', 'smtp', 'dns', 'net', ''],
      doctor: ['doctor', 'dns', 'net', ''],
      api: ['api', 'notice', 'gate', 'smtp', 'dns', 'net', ''],
    }
    const found = broken(shared, (source, { path }) => {
      const from = folder(source.path)
      // shared/api/ is the contract, which names the types of every part.
      if (path === null || from === '' || from === 'api') return null
      return below[from]?.includes(folder(path)) === true ? null : `${from} imports ${path}`
    })
    expect(found).toEqual([])
  })

  test('electron and renderer never import each other, nor tests', () => {
    const found = broken([...electron, ...renderer], (source, { path }) =>
      path === null || path === 'package.json' || top(path) === 'shared' || top(path) === top(source.path) ? null : `imports ${path}`,
    )
    expect(found).toEqual([])
  })

  test('only the desktop entry, the preload and the shell import electron', () => {
    const found = broken(all, (source, { specifier }) =>
      specifier !== 'electron' || /^electron\/(main|preload)\.ts$|^electron\/shell\//.test(source.path) ? null : 'imports electron',
    )
    expect(found).toEqual([])
  })

  test('the renderer uses no Node and no server', () => {
    const found = broken(renderer, (_, { specifier }) => (/^node:|^electron$|^@orpc\/server|^ws$|^better-sqlite3$/.test(specifier) ? `imports ${specifier}` : null))
    expect(found).toEqual([])
  })

  test('renderer/parts (and the model they show) know neither client nor store', () => {
    const parts = renderer.filter((source) => /^renderer\/(parts|model)\//.test(source.path))
    const found = broken(parts, (_, { specifier, path }) => {
      if (path === null) return specifier.startsWith('@orpc/') ? `imports ${specifier}` : null
      return /^renderer\/(store|pages)\/|^renderer\/(client|console|app|main)\.tsx?$/.test(path) ? `imports ${path}` : null
    })
    expect(found).toEqual([])
  })
})

describe('who may construct whom', () => {
  test('adapters are constructed by compose.ts (the gate) and composecommands.ts (what commands need without one) alone', () => {
    const inOtherPart = (source: Source, path: string) => folder(path) !== '' && folder(path) !== folder(source.path) && folder(path) !== 'shell'
    const found = electron
      .filter((source) => !['electron/compose.ts', 'electron/composecommands.ts'].includes(source.path))
      .flatMap((source) =>
        constructors(source)
          .filter(({ path }) => top(path) === 'electron' && inOtherPart(source, path))
          .map(({ name, path }) => `${source.path}: takes ${name} from ${path}`),
      )
    expect(found).toEqual([])
  })
})

describe('the shape of a file', () => {
  test('each opens with what it is for', () => {
    const found = all.filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text)).map(({ path }) => path)
    expect(found).toEqual([])
  })

  test('none is a barrel', () => {
    const found = all.filter((source) => /(^|\/)index\.tsx?$/.test(source.path) || passesOn(source)).map(({ path }) => path)
    expect(found).toEqual([])
  })

  test('none has more than 300 lines of code', () => {
    const found = all.filter(({ text }) => codeLines(text) > 300).map(({ path, text }) => `${path}: ${codeLines(text)}`)
    expect(found).toEqual([])
  })

  test('there is something to check', () => {
    expect(PARTS.filter((part) => !all.some((source) => top(source.path) === part))).toEqual([])
  })
})

/** Named imports of functions that construct: create…, open…, start… (types are not constructed). */
function constructors(source: Source): { readonly name: string; readonly path: string }[] {
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest)
  return file.statements.filter(ts.isImportDeclaration).flatMap((statement) => {
    const specifier = (statement.moduleSpecifier as ts.StringLiteral).text
    const named = statement.importClause?.namedBindings
    if (!specifier.startsWith('.') || statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword || named === undefined || !ts.isNamedImports(named)) return []
    const path = posix(relative(ROOT, resolve(ROOT, dirname(source.path), specifier)))
    return named.elements
      .filter((element) => !element.isTypeOnly && /^(create|open|start)[A-Z]/.test((element.propertyName ?? element.name).text))
      .map((element) => ({ name: element.name.text, path }))
  })
}

/** Hands on all of another file, or has nothing of its own. */
function passesOn(source: Source): boolean {
  const { statements } = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest)
  const handsOn = (statement: ts.Statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined
  const handsOnAll = (statement: ts.Statement) => ts.isExportDeclaration(statement) && handsOn(statement) && statement.exportClause === undefined
  const own = statements.filter((statement) => !ts.isImportDeclaration(statement) && !handsOn(statement))
  return statements.some(handsOnAll) || (own.length === 0 && statements.some(handsOn))
}

function impureCalls(source: Source): string[] {
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && /^(Date\.now|Math\.random|performance\.now)$/.test(node.getText(file))) found.push(node.getText(file))
    if (ts.isNewExpression(node) && node.expression.getText(file) === 'Date' && (node.arguments?.length ?? 0) === 0) found.push('new Date()')
    if (ts.isIdentifier(node) && /^(setTimeout|setInterval|process|crypto|fetch|document)$/.test(node.text) && !isMember(node)) found.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** A name of ours (`x.process`, `{ process: … }`), not the global. */
function isMember(node: ts.Identifier): boolean {
  const { parent } = node
  return (ts.isPropertyAccessExpression(parent) && parent.name === node) || ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node)
}

function codeLines(text: string): number {
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, '')
  return bare.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length
}
