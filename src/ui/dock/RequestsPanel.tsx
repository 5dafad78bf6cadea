import { Send } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SceneItem } from '../../scene/model.ts'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import { isSystem } from '../graph/members.ts'
import { usePreferences } from '../preferences.ts'
import { ask, reportError, sendInput } from '../session/session.ts'
import { useItemsWhere, useScene } from '../store.ts'
import { addressesOf } from './addresses.ts'
import { numberAt, textAt } from './plain.ts'
import styles from './RequestsPanel.module.css'
import { usePolling } from './use-polling.ts'

interface Result {
  readonly seq: number
  readonly url: string
  readonly status: number | undefined
  readonly error: string
  readonly tookMs: number | undefined
}

const everyMs = 300
const resultsKept = 100
const countMax = 10_000

const isSource = (item: SceneItem) => item.type === 'pod' && !isSystem(item)

/** The load generator: so many requests from somewhere to a URL, and what came back. */
export default function RequestsPanel() {
  const { t } = useTranslation()
  const pods = useItemsWhere(isSource)
  const [sent, setSent] = useState<string>()
  const results = useResults(sent)
  const send = (form: FormData) => {
    const [from, url] = [String(form.get('from')), String(form.get('url'))]
    const [count, intervalMs] = [Number(form.get('count')), Number(form.get('interval'))]
    setSent(url)
    sendInput({ type: 'request', from, url, count, intervalMs }).catch(reportError)
  }
  return (
    <div className={styles.panel}>
      <form
        className={styles.form}
        onSubmit={event => {
          event.preventDefault()
          send(new FormData(event.currentTarget))
        }}
      >
        <label>
          <span>{t('requests.from')}</span>
          <select name="from">
            <option value="outside">{t('requests.outside')}</option>
            {pods.slice(0, 50).map(pod => (
              <option key={pod.id} value={pod.id}>
                {pod.name}
              </option>
            ))}
          </select>
        </label>
        <UrlField />
        <label>
          <span>{t('requests.count')}</span>
          <input name="count" type="number" min={1} max={countMax} defaultValue={10} required />
        </label>
        <label>
          <span>{t('requests.interval')}</span>
          <span className={styles.unit}>
            <input name="interval" type="number" min={0} max={60_000} defaultValue={200} required />
            {t('requests.ms')}
          </span>
        </label>
        <button type="submit" className={styles.send}>
          <Send size={13} aria-hidden="true" />
          {t('requests.send')}
        </button>
      </form>
      <ul className={styles.results} aria-label={t('requests.results')}>
        {results.length === 0 && (
          <li className={styles.none}>
            {t('requests.none')} {t('requests.hint')}
          </li>
        )}
        {results.map(result => (
          <ResultRow key={result.seq} result={result} />
        ))}
      </ul>
    </div>
  )
}

/** The URL, with every address of the cluster to choose from; it starts as the first of them. */
function UrlField() {
  const { t } = useTranslation()
  const structure = useScene(state => state.structure)
  const items = useScene(state => state.items)
  const urls = useMemo(() => (structure < 0 ? [] : addressesOf(items.values())), [structure, items])
  return (
    <label className={styles.wide}>
      <span>{t('requests.url')}</span>
      <input
        key={urls[0]}
        name="url"
        type="url"
        required
        defaultValue={urls[0] ?? ''}
        placeholder="http://192.168.1.101:30000/"
        list="cluster-addresses"
        className="mono"
      />
      <datalist id="cluster-addresses">
        {urls.map(url => (
          <option key={url} value={url} />
        ))}
      </datalist>
    </label>
  )
}

function ResultRow({ result: { url, status, error, tookMs } }: { readonly result: Result }) {
  const tone = error !== '' || status === undefined || status >= 500 ? 'bad' : status >= 400 ? 'warning' : 'good'
  return (
    <li data-tone={tone}>
      <ToneIcon tone={tone} size={11} />
      <b>{status ?? '—'}</b>
      <span className="mono">{error === '' ? url : error}</span>
      {tookMs !== undefined && <small>{Math.round(tookMs * 10) / 10} ms</small>}
    </li>
  )
}

/** How requests to a URL ended, from the trace, while the panel is shown. Probes and others' requests are not ours to list. */
function useResults(sent: string | undefined): readonly Result[] {
  const [results, setResults] = useState<readonly Result[]>([])
  const next = useRef(0)
  const isShown = usePreferences(state => state.dockOpen && state.dockTab === 'requests')
  usePolling(isShown && sent !== undefined, everyMs, async () => {
    const { entries, next: after } = await ask({ ask: 'trace', since: next.current, limit: 2_000 })
    next.current = after
    const ended = entries.filter(
      ({ type, data }) => type === 'exchange' && textAt(data, 'phase') === 'end' && textAt(data, 'url') === sent,
    )
    if (ended.length === 0) return
    const found = ended.map(({ seq, data }) => ({
      seq,
      url: textAt(data, 'url'),
      status: numberAt(data, 'status'),
      error: textAt(data, 'error'),
      tookMs: numberAt(data, 'tookMs'),
    }))
    setResults(before => [...found.reverse(), ...before].slice(0, resultsKept))
  })
  return results
}
