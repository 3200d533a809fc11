/** The texts that systems start the gate by, to the letter, and what the service does on Windows (against doubles of its tools). */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { servicePlace } from '../../electron/service/place.ts'
import { programOf } from '../../electron/service/program.ts'
import type { Ran, Run } from '../../electron/service/run.ts'
import type { ServiceDeps } from '../../electron/service/service.ts'
import { taskXml } from '../../electron/service/task.ts'
import { unitText } from '../../electron/service/unit.ts'
import { taskService } from '../../electron/service/windows.ts'

const START = { node: '/usr/local/lib/porch/node', script: '/usr/local/lib/porch/dist/node/cli.js', dataDir: '/var/lib/porch' }

describe('the unit', () => {
  test('to the letter', async () => {
    await expect(unitText(START)).toMatchFileSnapshot('service/porch.service')
  })

  test('a path with blanks, percent and dollar signs means itself', () => {
    const line = unitText({ ...START, node: '/opt/50% off/$HOME/"n"' }).split('\n').find((each) => each.startsWith('ExecStart='))
    expect(line).toMatch(/^ExecStart="\/opt\/50%% off\/\$\$HOME\/\\"n\\"" --max-semi-space-size=16 /)
  })
})

describe('the task', () => {
  const windows = { node: 'C:\\Program Files\\Porch\\resources\\node.exe', script: 'C:\\Program Files\\Porch\\R&D\\cli.js', dataDir: 'C:\\ProgramData\\Porch' }

  test('to the letter', async () => {
    await expect(taskXml(windows).replaceAll('\r\n', '\n')).toMatchFileSnapshot('service/porch.xml')
  })

  test('arguments with blanks are quoted, and what XML would take for itself is escaped', () => {
    expect(taskXml(windows)).toContain('<Command>C:\\Program Files\\Porch\\resources\\node.exe</Command>')
    expect(taskXml(windows)).toContain('&quot;C:\\Program Files\\Porch\\R&amp;D\\cli.js&quot; serve --data C:\\ProgramData\\Porch --group-access</Arguments>')
    expect(taskXml({ ...windows, dataDir: 'D:\\mail data\\' })).toContain('--data &quot;D:\\mail data\\\\&quot; --group-access')
  })
})

describe('where it is', () => {
  test('Linux and Windows', () => {
    expect(servicePlace('linux')).toEqual({ dataDir: '/var/lib/porch', programDir: '/usr/local/lib/porch', definition: '/etc/systemd/system/porch.service' })
    expect(servicePlace('win32', { ProgramData: 'D:\\PD', ProgramFiles: 'D:\\PF' })).toEqual({ dataDir: 'D:\\PD\\Porch', programDir: 'D:\\PF\\Porch Service', definition: 'D:\\PD\\Porch\\task.xml' })
  })
})

describe('on Windows', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'porch-windows-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  const ok: Ran = { code: 0, stdout: '', stderr: '' }

  /** Tools that do as they are told: a task is there once created, and runs once run. */
  function windows(answers: Partial<Record<string, Ran>> = {}): { readonly calls: string[]; readonly service: ReturnType<typeof taskService> } {
    const calls: string[] = []
    let xml: string | null = null
    let runs = false
    const run: Run = (program, ...args) => {
      const call = [program, ...args].join(' ')
      calls.push(call)
      const said = Object.entries(answers).find(([start]) => call.startsWith(start))?.[1]
      if (said !== undefined) return Promise.resolve(said)
      if (call.startsWith('schtasks /Create')) xml = readFileSync(args[4] ?? '', 'utf16le')
      if (call.startsWith('schtasks /Run')) runs = true
      if (call.startsWith('schtasks /End')) runs = false
      if (call.startsWith('schtasks /Delete')) xml = null
      if (call.startsWith('schtasks /Query')) return Promise.resolve(xml === null ? { code: 1, stdout: '', stderr: 'ERROR: The system cannot find the file specified.' } : { ...ok, stdout: xml })
      return Promise.resolve(ok)
    }
    const place = { dataDir: join(dir, 'data'), programDir: join(dir, 'program'), definition: join(dir, 'data', 'task.xml') }
    const deps: ServiceDeps = {
      run, place, root: false, answerMs: 0, backUp: () => Promise.resolve(null),
      program: { node: 'C:\\Porch\\node.exe', root: 'C:\\Porch\\app.asar.unpacked', packaged: true },
      gateOn: () => Promise.resolve(runs ? { pid: 7, url: 'http://127.0.0.1:8525', token: 'T' } : null),
    }
    return { calls, service: taskService(deps) }
  }

  test('installed: folder closed to others, task made from UTF-16 and run', async () => {
    const { calls, service } = windows()
    expect(await service.install({})).toMatchObject({ ok: true, did: ['the task Porch starts it with the machine', 'it is started'], status: { installed: true, enabled: true, running: true, pid: 7, console: 'http://127.0.0.1:8525/?token=T' } })
    expect(calls.find((call) => call.startsWith('icacls'))).toContain('/inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-19:(OI)(CI)M Porch:(OI)(CI)RX')
    const xml = readFileSync(join(dir, 'data', 'task.xml'))
    expect([...xml.subarray(0, 2)]).toEqual([0xff, 0xfe])
    expect(xml.toString('utf16le')).toContain('encoding="UTF-16"')
  })

  test('again: written anew and started anew', async () => {
    const { service } = windows()
    await service.install({})
    expect(await service.install({})).toMatchObject({ ok: true, did: ['the task Porch is written anew', 'it is started anew'] })
  })

  test('without the rights: one line, and nothing is done', async () => {
    const { calls, service } = windows({ 'net session': { code: 2, stdout: '', stderr: 'System error 5 has occurred.' } })
    for (const outcome of [await service.install({}), await service.remove(false)]) expect(outcome).toMatchObject({ ok: false, problem: expect.stringContaining('Run as administrator') as string })
    expect(calls).toEqual(['net session', 'net session'])
    expect(existsSync(join(dir, 'data'))).toBe(false)
  })

  test('what schtasks says is told on one line', async () => {
    const { service } = windows({ 'schtasks /Create': { code: 1, stdout: '', stderr: 'ERROR: The task XML\r\nis malformed.\r\n' } })
    expect(await service.install({})).toEqual({ ok: false, problem: 'schtasks /Create /TN Porch: ERROR: The task XML; is malformed.' })
  })

  test('removed: the data kept, and deleted only with purge', async () => {
    const { service } = windows()
    await service.install({})
    writeFileSync(join(dir, 'data', 'porch.json'), '{}')
    expect(await service.remove(false)).toEqual({ ok: true, did: ['it is stopped, and starts no more'], kept: join(dir, 'data') })
    expect(await service.status()).toMatchObject({ installed: false, running: false, console: null })
    expect(await service.remove(true)).toEqual({ ok: true, did: [`${join(dir, 'data')} is deleted`], kept: null })
    expect(existsSync(join(dir, 'data'))).toBe(false)
  })
})

describe('the program', () => {
  test('found above the file that asks; sources that were never built are none', () => {
    const dir = mkdtempSync(join(tmpdir(), 'porch-program-'))
    try {
      writeFileSync(join(dir, 'package.json'), '{}')
      expect(programOf(join(dir, 'electron', 'cli', 'service.ts'), process.execPath)).toBeNull()
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
})
