import { Button, type ButtonProps, Group, Modal, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'

interface Props extends ButtonProps {
  'aria-label'?: string
  /** What will be lost or done, as a sentence. */
  question: string
  /** The verb on the button that does it. */
  verb: string
  onConfirm: () => void
  children: ReactNode
}

/** A button that asks first. */
export function ConfirmButton({ question, verb, onConfirm, children, ...button }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button variant="default" {...button} onClick={() => setOpen(true)}>
        {children}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={verb}>
        <Text mb="lg">{question}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => setOpen(false)}>
            Keep it
          </Button>
          <Button
            color="red"
            data-autofocus
            onClick={() => {
              setOpen(false)
              onConfirm()
            }}
          >
            {verb}
          </Button>
        </Group>
      </Modal>
    </>
  )
}
