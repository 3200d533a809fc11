/** All keys on one card. */
import { Kbd, Modal } from '@mantine/core'
import { strings } from '../strings.ts'

export function KeysHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={strings.keys.title} centered size="lg" lockScroll={false} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': strings.keys.close }}>
      <div className="keys">
        {strings.keys.groups.map((group) => (
          <section key={group.name}>
            <h3>{group.name}</h3>
            <dl>
              {group.keys.map(([keys, does]) => (
                <div key={does}>
                  <dt>{keys.split(' ').map((key) => <Kbd key={key}>{key}</Kbd>)}</dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
