/** The Check page's procedures over a zone in memory, for the double of the gate: the real gathering and judging. */
import { implement } from '@orpc/server'
import { systemClock } from '../../electron/clock.ts'
import { followCheck } from '../../electron/console/check.ts'
import { ownServer } from '../../electron/console/own.ts'
import { createGatherer } from '../../electron/dns/gather.ts'
import type { SettingsPort } from '../../electron/ports.ts'
import { api } from '../../shared/api.ts'
import { fakeResolver } from './resolver.ts'

const ZONE = `
www.americangreetings.com. A 216.33.97.70
150.2.0.192.in-addr.arpa. PTR mail.acme.example.
mail.acme.example. A 192.0.2.150
mx.shop.example. A 198.51.100.25
25.100.51.198.in-addr.arpa. PTR mx.shop.example.
shop.example. MX 10 mx.shop.example.
`

export function checkRoutes(settings: SettingsPort) {
  const { checks } = implement(api)
  const resolver = fakeResolver(ZONE)
  const gather = createGatherer(resolver, systemClock)
  return {
    follow: checks.follow.handler(({ input, signal }) => followCheck({ gatherFor: () => gather, resolver, clock: systemClock, settings: settings.current() }, input, signal ?? new AbortController().signal)),
    own: checks.own.handler(() => ownServer({ settings, resolver, clock: systemClock })),
  }
}
