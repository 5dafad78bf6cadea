import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import styles from './Splitter.module.css'

interface SplitterProps {
  readonly label: string
  readonly orientation: 'vertical' | 'horizontal'
  readonly size: number
  readonly min: number
  readonly max: number
  /** +1 when the panel grows as the pointer goes right or down, -1 when it grows the other way. */
  readonly sign: 1 | -1
  readonly onSize: (size: number) => void
}

const keyStep = 16

/** A line between two panels that can be dragged, or moved with the arrow keys. */
export function Splitter({ label, orientation, size, min, max, sign, onSize }: SplitterProps) {
  const grip = useRef<{ readonly at: number; readonly size: number }>(undefined)
  const position = (event: PointerEvent) => (orientation === 'vertical' ? event.clientX : event.clientY)
  const resize = (next: number) => {
    onSize(Math.round(Math.min(max, Math.max(min, next))))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const [less, more] = orientation === 'vertical' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
    if (event.key !== less && event.key !== more) return
    event.preventDefault()
    resize(size + sign * (event.key === more ? keyStep : -keyStep))
  }
  return (
    <div
      className={styles.splitter}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      onKeyDown={onKeyDown}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId)
        grip.current = { at: position(event), size }
      }}
      onPointerMove={event => {
        if (grip.current) resize(grip.current.size + sign * (position(event) - grip.current.at))
      }}
      onPointerUp={() => {
        grip.current = undefined
      }}
      onPointerCancel={() => {
        grip.current = undefined
      }}
    />
  )
}
