/** Rules: bans and whitelist in one table; add by hand, lift and remove with undo, search. */
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { Tabs, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useConsole } from '../console.ts'
import type { Route } from '../model/route.ts'
import { searchRules } from '../model/rules.ts'
import { EmptyState } from '../parts/emptystate.tsx'
import { AddRule } from '../parts/addrule.tsx'
import { RuleTable } from '../parts/ruletable.tsx'
import { strings } from '../strings.ts'
import type { ChangeRoute } from '../useroute.ts'

const words = strings.rules

export function RulesPage({ route, change }: { readonly route: Route; readonly change: ChangeRoute }) {
  const { rules, actions } = useConsole()
  const view = useSyncExternalStore(rules.subscribe, rules.view)
  const [search, setSearch] = useState('')
  const { tab } = route
  useEffect(() => rules.keepFresh(), [rules])
  const all = view.kind === 'loaded' ? view.rules : null
  const counts = useMemo(() => ({ ban: all?.filter((rule) => rule.kind === 'ban').length ?? 0, allow: all?.filter((rule) => rule.kind === 'allow').length ?? 0 }), [all])
  const shown = useMemo(() => searchRules(all ?? [], tab, search), [all, tab, search])
  const label = (name: string, count: number) => (all === null ? name : `${name} (${strings.number(count)})`)
  return (
    <Tabs value={tab} onChange={(value) => change({ tab: value === 'allow' ? 'allow' : 'ban' })} className="rules" keepMounted={false}>
      <div className="toolbar">
        <Tabs.List>
          <Tabs.Tab value="ban">{label(words.bans, counts.ban)}</Tabs.Tab>
          <Tabs.Tab value="allow">{label(words.allows, counts.allow)}</Tabs.Tab>
        </Tabs.List>
        <div className="tools">
          <AddRule key={tab} kind={tab} onSubmit={actions.addRule} />
          <div className="grow" />
          <TextInput id="search" type="search" size="xs" className="search" aria-label={words.search} placeholder={words.search} autoComplete="off" leftSection={<IconSearch size={14} aria-hidden />}
            value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        </div>
      </div>
      <Tabs.Panel value={tab} className="rulespanel">
        {view.kind === 'loading' ? <EmptyState title={words.loading} /> : view.kind === 'failed' ? (
          <EmptyState title={words.failed}><button type="button" className="action" onClick={() => void rules.refresh()}>{words.again}</button></EmptyState>
        ) : shown.length > 0 ? <RuleTable kind={tab} rules={shown} onRemove={(rule) => void actions.removeRule(rule)} /> : search !== '' && counts[tab] > 0 ? (
          <EmptyState title={strings.empty.rulesFiltered} />
        ) : (
          <EmptyState title={tab === 'ban' ? strings.empty.bansTitle : strings.empty.allowsTitle}><p>{tab === 'ban' ? strings.empty.bans : strings.empty.allows}</p></EmptyState>
        )}
      </Tabs.Panel>
    </Tabs>
  )
}
