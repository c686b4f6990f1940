import { Modal, UnstyledButton } from '@mantine/core'
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { useLocation } from 'wouter'
import { Icon } from '../../parts/Icon'
import { Searching } from './Searching'
import './search.css'

const MAC = navigator.platform.startsWith('Mac')

/** Search over everything in a project: `Ctrl K` anywhere, `/` where the page has no search of its own. */
export function Search({ project }: { project: string }) {
  const [opened, setOpened] = useState(false)
  const [, go] = useLocation()
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!isOurs(event)) return
      event.preventDefault()
      flushSync(() => setOpened(true)) // what is typed next is for the field
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  const close = () => setOpened(false)
  return (
    <>
      <UnstyledButton className="sb-search" onClick={() => setOpened(true)}>
        <Icon name="search" />
        <span>Search</span>
        <kbd>{MAC ? '⌘' : 'Ctrl'} K</kbd>
      </UnstyledButton>
      <Modal.Root
        opened={opened}
        onClose={close}
        size={640}
        shadow="none"
        centered={false}
        yOffset="12vh"
        transitionProps={{ duration: 0 }}
      >
        <Modal.Overlay backgroundOpacity={0.25} />
        <Modal.Content aria-label="Search">
          <Modal.Body p={0}>
            <Searching
              project={project}
              open={(to) => {
                close()
                go(to)
              }}
              close={close}
            />
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
    </>
  )
}

/** Not while one types into a field, and `/` not where the page takes it itself. */
function isOurs(event: KeyboardEvent): boolean {
  if (event.altKey || event.shiftKey) return false
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === 'k'
  if (event.key !== '/' || document.querySelector('[data-own-slash]')) return false
  return !(
    event.target instanceof Element &&
    event.target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]')
  )
}
