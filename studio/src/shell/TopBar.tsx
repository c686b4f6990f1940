import { Button } from '@mantine/core'
import type { Ref } from 'react'
import { Link } from 'wouter'
import { useProjects } from '../api/projects'
import { Icon } from '../parts/Icon'

interface Props {
  button: Ref<HTMLButtonElement>
  project: string
  open: boolean
  onOpen: (open: boolean) => void
}

/** In a narrow window: opens the sidebar, and says in which project one is. */
export function TopBar({ button, project, open, onOpen }: Props) {
  const title = useProjects().data?.find((one) => one.id === project)?.title ?? project
  return (
    <header className="sb-top">
      <Button
        ref={button}
        variant="default"
        size="compact-md"
        leftSection={<Icon name={open ? 'close' : 'menu'} />}
        aria-expanded={open}
        aria-controls="pages"
        onClick={() => onOpen(!open)}
      >
        Pages
      </Button>
      <Link href="/projects" aria-label="Seedbed: all projects" style={{ display: 'flex' }}>
        <img src="/icon.svg" alt="" width={19} height={19} />
      </Link>
      <span className="sb-one-line">{title}</span>
    </header>
  )
}
