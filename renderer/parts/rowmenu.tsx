/** The right-click menu of a session. It stays inside the page's landmark, where a screen reader finds it. */
import { Menu } from '@mantine/core'
import { IconBan, IconCopy, IconFilter, IconLayoutSidebarRight, IconLockOpen, IconRefresh, IconSend, IconShieldCheck, IconUserSearch } from '@tabler/icons-react'
import { strings } from '../strings.ts'

export type MenuChoice = 'open' | 'ban' | 'lift' | 'allow' | 'recheck' | 'copy' | 'sender' | 'notify' | 'filter-client' | 'filter-name'

export interface RowMenuProps {
  readonly at: { readonly x: number; readonly y: number }
  readonly hasName: boolean
  /** The ban that holds for the client. */
  readonly banned: string | null
  /** It is still under way: there is nothing to check again. */
  readonly underWay: boolean
  /** It was refused: somebody can be told. */
  readonly canNotify: boolean
  readonly onChoose: (choice: MenuChoice) => void
  readonly onClose: () => void
}

const words = strings.live.actions

export function RowMenu({ at, hasName, underWay, banned, canNotify, onChoose, onClose }: RowMenuProps) {
  return (
    <Menu opened onDismiss={onClose} onClose={onClose} position="bottom-start" withinPortal={false} shadow="md" transitionProps={{ duration: 0 }} returnFocus withInitialFocusPlaceholder={false}>
      <Menu.Target><button type="button" tabIndex={-1} className="anchor" aria-label={strings.live.menu} style={{ left: at.x, top: at.y }} /></Menu.Target>
      <Menu.Dropdown aria-label={strings.live.menu}>
        <Menu.Item leftSection={<IconLayoutSidebarRight size={14} aria-hidden />} rightSection={<Key>Enter</Key>} onClick={() => onChoose('open')}>{words.open}</Menu.Item>
        {banned === null ? null : <Menu.Item leftSection={<IconLockOpen size={14} aria-hidden />} rightSection={<Key>l</Key>} onClick={() => onChoose('lift')}>{words.liftOf(banned)}</Menu.Item>}
        <Menu.Item leftSection={<IconBan size={14} aria-hidden />} rightSection={<Key>b</Key>} onClick={() => onChoose('ban')}>{words.ban}</Menu.Item>
        <Menu.Item leftSection={<IconShieldCheck size={14} aria-hidden />} rightSection={<Key>w</Key>} onClick={() => onChoose('allow')}>{words.allow}</Menu.Item>
        <Menu.Item leftSection={<IconSend size={14} aria-hidden />} rightSection={<Key>n</Key>} disabled={!canNotify} onClick={() => onChoose('notify')}>{words.notify}</Menu.Item>
        <Menu.Item leftSection={<IconRefresh size={14} aria-hidden />} rightSection={<Key>r</Key>} disabled={underWay} onClick={() => onChoose('recheck')}>{words.recheck}</Menu.Item>
        <Menu.Item leftSection={<IconCopy size={14} aria-hidden />} rightSection={<Key>c</Key>} onClick={() => onChoose('copy')}>{words.copyLog}</Menu.Item>
        <Menu.Item leftSection={<IconUserSearch size={14} aria-hidden />} rightSection={<Key>s</Key>} onClick={() => onChoose('sender')}>{words.sender}</Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconFilter size={14} aria-hidden />} onClick={() => onChoose('filter-client')}>{words.filterClient}</Menu.Item>
        {hasName ? <Menu.Item leftSection={<IconFilter size={14} aria-hidden />} onClick={() => onChoose('filter-name')}>{words.filterName}</Menu.Item> : null}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The key that does the same; said to nobody twice. */
function Key({ children }: { readonly children: string }) {
  return <kbd className="menukey" aria-hidden>{children}</kbd>
}
