/** A command that cannot do what was asked: one clear line for stderr and an exit code (CONTRACT; 2 unless a command says otherwise). */
export class Failure extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode = 2) {
    super(message.replace(/\s*[\r\n]+\s*/g, '; '))
    this.exitCode = exitCode
  }
}
