import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TraceLine } from '../../protocol/messages.ts'
import { clockText } from '../actions.ts'
import { isMessage } from '../messages/facts.ts'
import { MessageDetails } from '../messages/MessageDetails.tsx'
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
export default function TracePanel() {
  const { t } = useTranslation()
  const lines = useTraceLines()
  const [text, setText] = useState('')
  const [messagesOnly, setMessagesOnly] = useState(false)
  const [opened, setOpened] = useState<number>()
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    const sort = messagesOnly ? lines.filter(isMessage) : lines
    const passing = wanted === '' ? sort : sort.filter(line => lineText(line).includes(wanted))
    return passing.slice(-rowsMax).reverse()
  }, [lines, text, messagesOnly])
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
        <label>
          <input
            type="checkbox"
            checked={messagesOnly}
            onChange={event => {
              setMessagesOnly(event.target.checked)
            }}
          />
          {t('trace.messages')}
        </label>
      </div>
      <div className={styles.scroll} tabIndex={-1}>
        {shown.length === 0 && (
          <p className={styles.empty}>{lines.length === 0 ? t('trace.empty') : t('explorer.nothing', { text })}</p>
        )}
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
              {opened === line.seq && <Opened line={line} />}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

/** The latest entries of the trace, while the panel is shown. */
function useTraceLines(): readonly TraceLine[] {
  const [lines, setLines] = useState<readonly TraceLine[]>([])
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
  return lines
}

/** A message is shown in words, with its data below; anything else is its data. */
function Opened({ line }: { readonly line: TraceLine }) {
  const { t } = useTranslation()
  const data = (
    <pre className={styles.data} aria-label={t('trace.data', { seq: line.seq })}>
      {JSON.stringify(line.data, null, 2)}
    </pre>
  )
  if (!isMessage(line)) return data
  return (
    <div className={styles.opened}>
      <MessageDetails line={line} />
      <details>
        <summary>{t('trace.raw')}</summary>
        {data}
      </details>
    </div>
  )
}

function lineText(line: TraceLine): string {
  return `${line.by} ${line.type} ${briefOf(line)}`.toLowerCase()
}
