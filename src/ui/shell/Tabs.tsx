import type { LucideIcon } from 'lucide-react'
import { Tabs as Radix } from 'radix-ui'
import { type ReactNode, Suspense, useState } from 'react'
import { Boundary } from './Boundary.tsx'
import styles from './Tabs.module.css'

interface Tab {
  readonly id: string
  readonly label: string
  readonly icon: LucideIcon
  readonly count?: number | undefined
  readonly content: ReactNode
}

interface TabsProps {
  readonly label: string
  readonly value: string
  readonly onChange: (id: string) => void
  readonly tabs: readonly Tab[]
  /** At the right of the tabs. */
  readonly end?: ReactNode
}

/** Panels behind tabs. All stay mounted once shown, so a terminal keeps its text and an editor its cursor. */
export function Tabs({ label, value, onChange, tabs, end }: TabsProps) {
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set([value]))
  if (!shown.has(value)) setShown(new Set([...shown, value]))
  return (
    <Radix.Root className={styles.root} value={value} onValueChange={onChange} activationMode="manual">
      <div className={styles.bar}>
        <Radix.List className={styles.list} aria-label={label}>
          {tabs.map(({ id, label: words, icon: Icon, count }) => (
            <Radix.Trigger key={id} value={id} className={styles.tab}>
              <Icon size={14} strokeWidth={1.9} aria-hidden="true" />
              {words}
              {count !== undefined && count > 0 && <span className={styles.count}>{count}</span>}
            </Radix.Trigger>
          ))}
        </Radix.List>
        <div className={styles.end}>{end}</div>
      </div>
      {tabs.map(({ id, content }) => (
        <Radix.Content key={id} value={id} forceMount hidden={id !== value} className={styles.content} tabIndex={-1}>
          {shown.has(id) && (
            <Boundary>
              <Suspense>{content}</Suspense>
            </Boundary>
          )}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
