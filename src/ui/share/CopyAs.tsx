import { Braces, ClipboardCopy, FileStack, Frame, Link, type LucideIcon, SquareTerminal } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { copyText } from '../actions.ts'
import menu from '../shell/menu.module.css'
import styles from '../shell/ShareDialog.module.css'
import { type CopyForm, copyForms, copyOf, type Shared } from './copies.ts'

const icons: Readonly<Record<CopyForm, LucideIcon>> = {
  link: Link,
  iframe: Frame,
  markdown: Braces,
  bundle: FileStack,
  script: SquareTerminal,
}

/** Copies the session in the form that is chosen, and says so on its own button. */
export function CopyAs(shared: Shared) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState<CopyForm>()
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className={styles.file} data-copied={copied}>
        <ClipboardCopy size={14} aria-hidden="true" />
        {copied ? t('share.copiedAs', { form: t(`share.${copied}`) }) : t('share.copyAs')}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.menu} align="start" sideOffset={6}>
          {copyForms.map(form => {
            const text = copyOf(form, shared)
            const Icon = icons[form]
            return (
              <DropdownMenu.Item
                key={form}
                className={menu.item}
                disabled={text === ''}
                onSelect={() => {
                  void copyText(text).then(() => {
                    setCopied(form)
                  })
                }}
              >
                <Icon size={14} />
                {t(`share.${form}`)}
              </DropdownMenu.Item>
            )
          })}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
