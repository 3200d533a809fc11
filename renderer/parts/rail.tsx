/** The slim rail: the pages there are, the colours, the help. */
import { IconActivity, IconChartBar, IconDeviceDesktop, IconDeviceLaptop, IconHeartbeat, IconInbox, IconKeyboard, IconListCheck, IconMoon, IconRocket, IconScale, IconSend, IconSettings, IconStethoscope, IconSun, IconUsers } from '@tabler/icons-react'
import type { Page } from '../model/route.ts'
import { strings } from '../strings.ts'

export type Scheme = 'auto' | 'light' | 'dark'

export interface RailProps {
  readonly page: Page
  readonly practice: boolean
  /** How many senders are worth a notice. */
  readonly worth: number
  /** In the desktop window, which has a page of its own. */
  readonly desktop?: boolean
  readonly scheme: Scheme
  readonly onScheme: (scheme: Scheme) => void
  readonly onHelp: () => void
}

const ICONS: Record<Page, typeof IconInbox> = { live: IconActivity, senders: IconUsers, notices: IconSend, rules: IconListCheck, check: IconStethoscope, settings: IconSettings, mailbox: IconInbox, golive: IconRocket, enforce: IconScale, reports: IconChartBar, health: IconHeartbeat, desktop: IconDeviceLaptop }
const SCHEMES: Record<Scheme, { icon: typeof IconInbox; next: Scheme }> = {
  auto: { icon: IconDeviceDesktop, next: 'light' }, light: { icon: IconSun, next: 'dark' }, dark: { icon: IconMoon, next: 'auto' },
}

export function Rail({ page, practice, worth, desktop = false, scheme, onScheme, onHelp }: RailProps) {
  const pages: readonly Page[] = ['live', 'senders', 'notices', 'rules', 'reports', 'check', 'settings', ...(practice ? ['mailbox' as const] : []), ...(desktop ? ['desktop' as const] : [])]
  const { icon: SchemeIcon, next } = SCHEMES[scheme]
  return (
    <nav className="rail" aria-label={strings.rail}>
      {pages.map((name) => {
        const Icon = ICONS[name]
        return (
          <a key={name} href={`#/${name}`} aria-current={name === page ? 'page' : undefined}>
            <Icon size={20} stroke={1.7} aria-hidden />
            <span>{strings.pages[name]}</span>
            {name === 'notices' && worth > 0 ? <span className="badge" title={strings.worthBadge(worth)}><span aria-hidden>{worth > 99 ? '99+' : worth}</span><span className="unseen">{strings.worthBadge(worth)}</span></span> : null}
          </a>
        )
      })}
      <div className="grow" />
      <button type="button" aria-label={strings.scheme[scheme]} title={strings.scheme[scheme]} onClick={() => onScheme(next)}><SchemeIcon size={18} stroke={1.7} aria-hidden /></button>
      <button type="button" aria-label={strings.help} title={`${strings.help} (?)`} onClick={onHelp}><IconKeyboard size={18} stroke={1.7} aria-hidden /></button>
    </nav>
  )
}
