import { Copy, Pencil, ScanSearch } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SceneItem, Tone } from '../../scene/model.ts'
import { gapOf } from '../../scene/not-simulated.ts'
import { copyText } from '../actions.ts'
import { EventRows } from '../dock/EventRows.tsx'
import { editObject } from '../editor/documents.ts'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import { PickedMessage } from '../messages/PickedMessage.tsx'
import { usePreferences } from '../preferences.ts'
import { inspect, inspectorViews, type InspectorView, useSelection } from '../selection.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { useItem } from '../store.ts'
import styles from './Inspector.module.css'
import { NotSimulated } from './NotSimulated.tsx'
import { Summary } from './Summary.tsx'
import { type ObjectState, useObject } from './use-object.ts'
import { WhyView } from './WhyView.tsx'
import { YamlText } from './YamlText.tsx'

/** Of what is in trouble, the reason is what people want to know. */
const inTrouble: ReadonlySet<Tone> = new Set(['bad', 'warning'])

/** What the selected thing is made of, as it is at this moment. */
export default function Inspector() {
  const { t } = useTranslation()
  const selected = useSelection(state => state.selected)
  const message = useSelection(state => state.message)
  const item = useItem(selected)
  if (message) return <PickedMessage motion={message} />
  if (selected === undefined || !item) {
    const words = selected === undefined ? t('inspector.nothingHint') : t('inspector.gone')
    return (
      <div className={styles.nothing}>
        <ScanSearch size={26} strokeWidth={1.4} aria-hidden="true" />
        <h3>{t('inspector.nothing')}</h3>
        <p>{words}</p>
      </div>
    )
  }
  return <Inspection key={selected} item={item} />
}

function Inspection({ item }: { readonly item: SceneItem }) {
  const { t } = useTranslation()
  const view = useSelection(state => state.view)
  const isShown = usePreferences(state => state.sideOpen && state.sideTab === 'inspector')
  const state = useObject(item, isShown)
  const isAsked = view !== 'why' && inTrouble.has(item.tone)
  const hasObject = item.resource !== undefined
  const gap = gapOf(item.kind ?? '')
  return (
    <div className={styles.inspector}>
      <header className={styles.head}>
        <p className={styles.kind}>
          {item.kind ?? t(item.type === 'outside' ? 'graph.outside' : 'explorer.components')}
          {item.namespace && <span> · {item.namespace}</span>}
        </p>
        <h2>{item.name}</h2>
        {(item.status !== '' || item.type !== 'config') && (
          <p className={styles.status} data-tone={item.tone}>
            <ToneIcon tone={item.tone} size={13} />
            {item.status || t(`tone.${item.tone}`)}
          </p>
        )}
        {gap && <NotSimulated gap={gap} />}
      </header>
      {hasObject && (
        <nav className={styles.views} aria-label={item.name}>
          {inspectorViews.map(each => (
            <button
              key={each}
              type="button"
              aria-pressed={view === each}
              data-asked={each === 'why' && isAsked}
              onClick={() => {
                inspect(each)
              }}
            >
              {t(`inspector.${each}`)}
            </button>
          ))}
          {state.is === 'there' && (view === 'yaml' || view === 'describe') && (
            <Copying text={view === 'yaml' ? state.answer.yaml : state.answer.describe} />
          )}
          {view === 'yaml' && (
            <IconButton
              label={t('inspector.edit')}
              icon={Pencil}
              size={13}
              onClick={() => {
                void editObject(item)
              }}
            />
          )}
        </nav>
      )}
      <div className={styles.body}>
        <Body view={hasObject ? view : 'summary'} item={item} state={state} isShown={isShown} />
      </div>
    </div>
  )
}

interface BodyProps {
  readonly view: InspectorView
  readonly item: SceneItem
  readonly state: ObjectState
  readonly isShown: boolean
}

function Body({ view, item, state, isShown }: BodyProps) {
  const { t } = useTranslation()
  if (view === 'summary') return <Summary item={item} />
  if (view === 'why') return <WhyView item={item} isShown={isShown} />
  if (state.is === 'loading' || state.is === 'none') return <p className={styles.note}>{t('inspector.loading')}</p>
  if (state.is === 'gone') return <p className={styles.note}>{state.error}</p>
  if (view === 'yaml') return <YamlText yaml={state.answer.yaml} />
  if (view === 'describe') {
    return (
      <pre className={styles.describe} tabIndex={0}>
        {state.answer.describe}
      </pre>
    )
  }
  const { events } = state.answer
  return events.length === 0 ? <p className={styles.note}>{t('inspector.noEvents')}</p> : <EventRows events={events} />
}

function Copying({ text }: { readonly text: string }) {
  const { t } = useTranslation()
  const [isDone, setDone] = useState(false)
  return (
    <IconButton
      label={t(isDone ? 'inspector.copied' : 'inspector.copy')}
      icon={Copy}
      size={13}
      pressed={isDone}
      onClick={() => {
        void copyText(text).then(() => {
          setDone(true)
        })
      }}
    />
  )
}
