import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import styles from './Dialog.module.css'
import { closeDialog, type DialogName, useDialog } from './dialogs.ts'
import { IconButton } from './IconButton.tsx'

interface DialogProps {
  readonly name: DialogName
  readonly title: string
  readonly closeLabel: string
  readonly children: ReactNode
}

/** A dialog of the page. What is inside is rendered only while it is open. */
export function Dialog({ name, title, closeLabel, children }: DialogProps) {
  const isOpen = useDialog(state => state.open === name)
  return (
    <Radix.Root
      open={isOpen}
      onOpenChange={next => {
        if (!next) closeDialog()
      }}
    >
      <Radix.Portal>
        <Radix.Overlay className={styles.veil} />
        <Radix.Content className={styles.dialog} aria-describedby={undefined}>
          <header>
            <Radix.Title>{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label={closeLabel} icon={X} />
            </Radix.Close>
          </header>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
