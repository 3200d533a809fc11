/** The submission password of the double of the gate: can be set and forgotten, as in a data folder. */
import { implement } from '@orpc/server'
import { api } from '../../shared/api.ts'

export function passwordDouble() {
  const { submissionPassword: password } = implement(api)
  let kept = false
  return {
    state: password.state.handler(() => ({ place: 'file' as const, file: '/var/lib/porch/notices/password', kept, problem: null })),
    set: password.set.handler(({ input }) => {
      if (input.password === '') return { ok: false as const, problem: 'That cannot be a password.' }
      kept = true
      return { ok: true as const }
    }),
    forget: password.forget.handler(() => {
      kept = false
      return { ok: true as const }
    }),
  }
}
