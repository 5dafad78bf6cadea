import { useStore, ViewportPortal } from '@xyflow/react'
import { selectMessage, useSelection } from '../selection.ts'
import { useStanding } from './heads.ts'
import styles from './StandingMessages.module.css'

/** More buttons than this would be a carpet; the list of the trace has them all. */
const most = 60
const sizePx = 24

/** While time stands still each message on its way is a button, so that keys reach it as a pointer does. */
export function StandingMessages() {
  const heads = useStanding(state => state.heads)
  const zoom = useStore(state => state.transform[2])
  const message = useSelection(state => state.message)
  if (heads.length === 0) return null
  const size = sizePx / zoom
  return (
    <ViewportPortal>
      {heads.slice(0, most).map(({ motion, count, x, y }) => (
        <button
          key={motion.id}
          type="button"
          className={`nopan ${styles.message}`}
          style={{ left: x - size / 2, top: y - size / 2, width: size, height: size }}
          title={motion.label}
          aria-label={count > 1 ? `${motion.label} ×${count}` : motion.label}
          aria-pressed={message?.id === motion.id}
          data-message={motion.id}
          onClick={event => {
            event.stopPropagation()
            selectMessage(motion)
          }}
        />
      ))}
    </ViewportPortal>
  )
}
