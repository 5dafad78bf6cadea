import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TraceLine } from '../../protocol/messages.ts'
import { clockText } from '../actions.ts'
import { usePreferences } from '../preferences.ts'
import { ask } from '../session/session.ts'
import { sceneGeneration } from '../store.ts'
import styles from './Rows.module.css'
import { briefOf } from './trace.ts'
import { usePolling } from './use-polling.ts'

const everyMs = 500
const pageSize = 4_000
const linesKept = 1_500
const rowsMax = 300

/** Everything that happened, entry by entry, the latest first; an entry opens to its data. */
export function TracePanel() {
  const { t } = useTranslation()
  const [lines, setLines] = useState<readonly TraceLine[]>([])
  const [text, setText] = useState('')
  const [opened, setOpened] = useState<number>()
  const next = useRef(0)
  const generation = useRef(-1)
  const isShown = usePreferences(state => state.dockOpen && state.dockTab === 'trace')
  usePolling(isShown, everyMs, async () => {
    const now = sceneGeneration()
    if (now !== generation.current) {
      generation.current = now
      next.current = 0
      setLines([])
    }
    for (let isMore = true; isMore;) {
      const { entries, next: after } = await ask({ ask: 'trace', since: next.current, limit: pageSize })
      next.current = after
      isMore = entries.length === pageSize
      if (entries.length > 0) setLines(before => [...before, ...entries].slice(-linesKept))
    }
  })
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    const passing = wanted === '' ? lines : lines.filter(line => lineText(line).includes(wanted))
    return passing.slice(-rowsMax).reverse()
  }, [lines, text])
  return (
    <div className={styles.panel}>
      <div className={styles.tools}>
        <input
          type="search"
          value={text}
          placeholder={t('trace.filter')}
          aria-label={t('trace.filter')}
          onChange={event => {
            setText(event.target.value)
          }}
        />
      </div>
      <div className={styles.scroll} tabIndex={-1}>
        {shown.length === 0 && <p className={styles.empty}>{t('trace.empty')}</p>}
        <ul className={styles.rows}>
          {shown.map(line => (
            <li key={line.seq}>
              <button
                type="button"
                className={styles.entry}
                aria-expanded={opened === line.seq}
                onClick={() => {
                  setOpened(opened === line.seq ? undefined : line.seq)
                }}
              >
                <time className="mono">{clockText(line.at)}</time>
                <span className={styles.by}>{line.by}</span>
                <span className={styles.type}>{line.type}</span>
                <span className={styles.what}>{briefOf(line)}</span>
              </button>
              {opened === line.seq && (
                <pre className={styles.data} aria-label={t('trace.data', { seq: line.seq })}>
                  {JSON.stringify(line.data, null, 2)}
                </pre>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function lineText(line: TraceLine): string {
  return `${line.by} ${line.type} ${briefOf(line)}`.toLowerCase()
}
