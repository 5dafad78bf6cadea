import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreferences } from '../preferences.ts'
import { reveal, useSelection } from '../selection.ts'
import { ask } from '../session/session.ts'
import { useScene } from '../store.ts'
import { EventRows } from './EventRows.tsx'
import { type ClusterEvent, eventsOf } from './events.ts'
import styles from './Rows.module.css'
import { usePolling } from './use-polling.ts'

const everyMs = 900
/** More rows than this nobody reads. */
const rowsMax = 250

/** Events of the whole cluster, read through the API as `kubectl get events -A` does. */
export default function EventsPanel() {
  const { t } = useTranslation()
  const [events, setEvents] = useState<readonly ClusterEvent[]>([])
  const [onlyWarnings, setOnlyWarnings] = useState(false)
  const namespace = useSelection(state => state.namespace)
  const isShown = usePreferences(state => state.dockOpen && state.dockTab === 'events')
  usePolling(isShown, everyMs, async () => {
    const path = namespace === undefined ? '/api/v1/events' : `/api/v1/namespaces/${namespace}/events`
    const { status, body } = await ask({ ask: 'api', path })
    if (status === 200) setEvents(eventsOf(body))
  })
  const shown = useMemo(
    () => events.filter(event => !onlyWarnings || event.type === 'Warning').slice(0, rowsMax),
    [events, onlyWarnings],
  )
  return (
    <div className={styles.panel}>
      <div className={styles.tools}>
        <label>
          <input
            type="checkbox"
            checked={onlyWarnings}
            onChange={event => {
              setOnlyWarnings(event.target.checked)
            }}
          />
          {t('events.warnings')}
        </label>
      </div>
      <div className={styles.scroll} tabIndex={-1}>
        {shown.length === 0 ? (
          <p className={styles.empty}>{t('events.empty')}</p>
        ) : (
          <EventRows events={shown} onPick={pick} />
        )}
      </div>
    </div>
  )
}

/** Selects the item that an event is about, by kind and name. */
function pick(object: string): void {
  const [name, kind] = object.split('/').reverse()
  for (const item of useScene.getState().items.values()) {
    if (item.name === name && item.kind === kind) {
      reveal(item.id)
      return
    }
  }
}
