/** The right-click menu of a session. It stays inside the page's landmark, where a screen reader finds it. */
import { Menu } from '@mantine/core'
import { IconBan, IconCopy, IconFilter, IconLayoutSidebarRight, IconLockOpen, IconShieldCheck } from '@tabler/icons-react'
import { strings } from '../strings.ts'

export type MenuChoice = 'open' | 'ban' | 'lift' | 'allow' | 'copy' | 'filter-client' | 'filter-name'

export interface RowMenuProps {
  readonly at: { readonly x: number; readonly y: number }
  readonly hasName: boolean
  /** The ban that holds for the client. */
  readonly banned: string | null
  readonly onChoose: (choice: MenuChoice) => void
  readonly onClose: () => void
}

const words = strings.live.actions

export function RowMenu({ at, hasName, banned, onChoose, onClose }: RowMenuProps) {
  return (
    <Menu opened onDismiss={onClose} onClose={onClose} position="bottom-start" withinPortal={false} shadow="md" transitionProps={{ duration: 0 }} returnFocus withInitialFocusPlaceholder={false}>
      <Menu.Target><button type="button" tabIndex={-1} className="anchor" aria-label={strings.live.menu} style={{ left: at.x, top: at.y }} /></Menu.Target>
      <Menu.Dropdown aria-label={strings.live.menu}>
        <Menu.Item leftSection={<IconLayoutSidebarRight size={14} aria-hidden />} onClick={() => onChoose('open')}>{words.open}</Menu.Item>
        {banned === null ? null : <Menu.Item leftSection={<IconLockOpen size={14} aria-hidden />} onClick={() => onChoose('lift')}>{words.liftOf(banned)}</Menu.Item>}
        <Menu.Item leftSection={<IconBan size={14} aria-hidden />} onClick={() => onChoose('ban')}>{words.ban}</Menu.Item>
        <Menu.Item leftSection={<IconShieldCheck size={14} aria-hidden />} onClick={() => onChoose('allow')}>{words.allow}</Menu.Item>
        <Menu.Item leftSection={<IconCopy size={14} aria-hidden />} onClick={() => onChoose('copy')}>{words.copyLog}</Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconFilter size={14} aria-hidden />} onClick={() => onChoose('filter-client')}>{words.filterClient}</Menu.Item>
        {hasName ? <Menu.Item leftSection={<IconFilter size={14} aria-hidden />} onClick={() => onChoose('filter-name')}>{words.filterName}</Menu.Item> : null}
      </Menu.Dropdown>
    </Menu>
  )
}
