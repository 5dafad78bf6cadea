import { useTranslation } from 'react-i18next'
import type { EventLine } from '../../protocol/messages.ts'
import { clockText } from '../actions.ts'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import styles from './Rows.module.css'

interface EventRowsProps {
  readonly events: readonly (EventLine & { readonly object?: string })[]
  readonly onPick?: (object: string) => void
}

/** Events of the cluster as rows: when, what, about what, in the component's own words. */
export function EventRows({ events, onPick }: EventRowsProps) {
  const { t } = useTranslation()
  return (
    <ul className={styles.rows} aria-label={t('inspector.events')}>
      {events.map((event, index) => {
        const { object } = event
        const tone = event.type === 'Warning' ? 'warning' : 'idle'
        return (
          <li key={index} className={styles.event} data-tone={tone}>
            <time className="mono">{clockText(event.at).slice(0, 8)}</time>
            <span className={styles.reason}>
              <ToneIcon tone={tone} size={11} />
              {event.reason}
              {event.count > 1 && <small>×{event.count}</small>}
            </span>
            {object !== undefined && (
              <button
                type="button"
                className={styles.object}
                onClick={() => {
                  onPick?.(object)
                }}
              >
                {object}
              </button>
            )}
            <span className={styles.message}>
              {event.message}
              <small>{event.from}</small>
            </span>
          </li>
        )
      })}
    </ul>
  )
}
