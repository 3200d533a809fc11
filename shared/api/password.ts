/** Part of the API (shared/api.ts): the password for the submission server. It can be set and forgotten; nothing ever tells it. */
import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { Outcome } from '../api.ts'

export interface PasswordState {
  /** Where it is kept, or would be: the desktop's keyring, or a file for the gate's account alone. */
  readonly place: 'keyring' | 'file'
  /** The file's whole path; null in the keyring. */
  readonly file: string | null
  /** There is one, and the gate can read it. */
  readonly kept: boolean
  /** There is one, but it cannot be used: one sentence. */
  readonly problem: string | null
}

export const passwordApi = {
  state: oc.output(type<PasswordState>()),
  set: oc.input(z.object({ password: z.string().max(1000) })).output(type<Outcome<object>>()),
  forget: oc.output(type<Outcome<object>>()),
}
