/** Whether registries are asked at all, and where. */
import { expect, test } from 'vitest'
import { registriesOf } from '../../../electron/rdap/rdap.ts'

test.each([
  ['no notices', undefined, false, null],
  ['live, the public ones', {}, false, {}],
  ['practice, the public ones', {}, true, null],
  ['practice, one elsewhere', { rdap: 'https://rdap.isp.example/' }, true, null],
  ['practice, one on this machine', { rdap: 'http://127.0.0.1:8081/' }, true, { rdap: 'http://127.0.0.1:8081/' }],
  ['practice, one on this machine, IPv6', { rdap: 'http://[::1]:8081/' }, true, { rdap: 'http://[::1]:8081/' }],
  ['practice, one on this machine by name', { rdap: 'http://localhost:8081/' }, true, { rdap: 'http://localhost:8081/' }],
])('%s', (_name, notices: { readonly rdap?: string } | undefined, practice, asked) => {
  const own = notices === undefined ? undefined : { perContactDays: 7, perDay: 20, ...notices }
  expect(registriesOf({ notices: own, practice })).toEqual(asked === null ? null : { perContactDays: 7, perDay: 20, ...asked })
})
