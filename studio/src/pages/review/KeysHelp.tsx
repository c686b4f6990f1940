import { Modal } from '@mantine/core'
import { KEYS } from './keyboard'

/** All keys of Review. */
export function KeysHelp({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Modal opened={opened} onClose={close} title="Keys of Review" size={520}>
      <table className="sb-table">
        <thead className="sb-hidden">
          <tr>
            <th scope="col">Key</th>
            <th scope="col">What it does</th>
          </tr>
        </thead>
        <tbody>
          {KEYS.map(({ keys, does }) => (
            <tr key={does}>
              <td style={{ whiteSpace: 'nowrap' }}>
                {keys.map((key) => (
                  <kbd key={key} style={{ marginRight: 5 }}>
                    {key}
                  </kbd>
                ))}
              </td>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  )
}
