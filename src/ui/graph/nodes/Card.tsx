import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SceneItem } from '../../../scene/model.ts'
import { useStress } from '../emphasis.ts'
import { useCursor } from '../cursor.ts'
import { ToneIcon } from '../ToneIcon.tsx'
import styles from './Card.module.css'

interface CardProps {
  readonly item: SceneItem
  readonly className?: string | undefined
  /** Facts for the spoken name, after kind, name and status. */
  readonly spoken?: string | undefined
  readonly children: ReactNode
}

/**
 * The frame of everything on the graph: one focusable, named element that carries tone and stress for CSS. The graph
 * finds it by `data-item` for clicks, keys and menus, so the cards themselves have no handlers.
 */
export function Card({ item, className, spoken, children }: CardProps) {
  const { t } = useTranslation()
  const stress = useStress(item.id)
  const isCursor = useCursor(state => state.cursor === item.id)
  const status = item.facts['trouble'] ?? (item.status || t(`tone.${item.tone}`))
  return (
    <div
      className={[styles.card, className].join(' ')}
      role="button"
      data-item={item.id}
      data-tone={item.tone}
      data-stress={stress}
      tabIndex={isCursor ? 0 : -1}
      aria-pressed={stress === 'selected'}
      aria-label={[item.kind ?? item.type, item.name, status, spoken].filter(Boolean).join(', ')}
      title={item.name}
    >
      {children}
    </div>
  )
}

interface StatusProps {
  readonly item: SceneItem
  /** Said instead of the item's own word. */
  readonly word?: string | undefined
}

/** Icon and word of a status, together as everywhere. */
export function Status({ item, word }: StatusProps) {
  return (
    <span className={styles.status} data-tone={item.tone}>
      <ToneIcon tone={item.tone} size={11} />
      <span>{word ?? item.status}</span>
    </span>
  )
}
