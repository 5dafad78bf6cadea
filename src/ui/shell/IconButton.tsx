import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import styles from './IconButton.module.css'

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly label: string
  readonly icon: LucideIcon
  /** The key that does the same, shown in the tooltip. */
  readonly keys?: string
  readonly pressed?: boolean
  readonly size?: number
  readonly text?: string
}

/** A button with a sign; its words are its name and its tooltip. */
export function IconButton({ label, icon: Icon, keys, pressed, size = 15, text, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className={[styles.button, className].filter(Boolean).join(' ')}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={keys}
      title={keys === undefined ? label : `${label} (${keys})`}
      {...rest}
    >
      <Icon size={size} strokeWidth={1.9} aria-hidden="true" />
      {text !== undefined && <span>{text}</span>}
    </button>
  )
}
