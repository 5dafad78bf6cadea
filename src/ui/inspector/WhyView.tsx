import { ArrowRight, SquareTerminal, Wrench } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FixAnswer, WhyAnswer } from '../../protocol/messages.ts'
import type { SceneItem } from '../../scene/model.ts'
import type { Cause } from '../../scene/why/explanation.ts'
import { apply, run } from '../actions.ts'
import { DiffText } from '../editor/DiffText.tsx'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import { usePreferences } from '../preferences.ts'
import { inspect, reveal } from '../selection.ts'
import { useScene } from '../store.ts'
import { useWhy } from './use-why.ts'
import { Placement } from './Placement.tsx'
import styles from './Why.module.css'

/** Why the selected thing is as it is: sentences, the components' own words under each, and what mends it. */
export function WhyView({ item, isShown }: { readonly item: SceneItem; readonly isShown: boolean }) {
  const { t } = useTranslation()
  const answers = useWhy(item, isShown)
  if (!answers) return <p className={styles.loading}>{t('inspector.loading')}</p>
  return (
    <>
      <ol className={styles.answers} aria-label={t('why.title')}>
        {answers.map((answer, index) => (
          <Answer key={index} answer={answer} />
        ))}
      </ol>
      {item.kind === 'Pod' && isShown && <Placement item={item} />}
    </>
  )
}

function Answer({ answer: { tone, text, evidence, cause, fix } }: { readonly answer: WhyAnswer }) {
  const { t } = useTranslation()
  const language = usePreferences(state => state.language)
  return (
    <li className={styles.answer} data-tone={tone}>
      <p className={styles.sentence}>
        <ToneIcon tone={tone} size={15} />
        <span>{text[language]}</span>
      </p>
      {cause && <CauseLink cause={cause} />}
      {evidence.length > 0 && (
        <section className={styles.evidence} aria-label={t('why.evidence')}>
          <h4>{t('why.evidence')}</h4>
          <dl>
            {evidence.map(({ source, text: words }, index) => (
              <div key={index}>
                <dt>{source}</dt>
                <dd className="mono">{words}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {fix && <Mending fix={fix} />}
    </li>
  )
}

/** Leads on to where the cause lies, if it is on the graph. */
function CauseLink({ cause }: { readonly cause: Cause }) {
  const { t } = useTranslation()
  const id = useScene(scene => itemOf(cause, scene.items))
  if (id === undefined) return null
  return (
    <button
      type="button"
      className={styles.cause}
      onClick={() => {
        reveal(id)
        inspect('why')
      }}
    >
      <ArrowRight size={13} aria-hidden="true" />
      {t('why.goTo', { name: cause.name })}
    </button>
  )
}

function itemOf({ resource, namespace = '', name }: Cause, items: ReadonlyMap<string, SceneItem>): string | undefined {
  for (const [id, item] of items) {
    if (item.name === name && item.resource === resource && (item.namespace ?? '') === namespace) return id
  }
  return undefined
}

function Mending({ fix: { text, command, yaml, diff } }: { readonly fix: FixAnswer }) {
  const { t } = useTranslation()
  const language = usePreferences(state => state.language)
  const [isDone, setDone] = useState(false)
  return (
    <section className={styles.fix} aria-label={t('why.fix')}>
      <h4>{t('why.fix')}</h4>
      <p>{text[language]}</p>
      {diff !== undefined && (
        <div className={styles.diff}>
          <DiffText text={diff.replace(/^(diff|---|\+\+\+|@@).*\n/gm, '').trimEnd()} />
        </div>
      )}
      <code className="mono">{command}</code>
      <div className={styles.buttons}>
        <button
          type="button"
          className={styles.primary}
          disabled={isDone || yaml === undefined}
          onClick={() => {
            setDone(true)
            if (yaml !== undefined) void apply(yaml)
          }}
        >
          <Wrench size={13} aria-hidden="true" />
          {t('why.apply')}
        </button>
        <button
          type="button"
          disabled={isDone}
          onClick={() => {
            setDone(true)
            run(command)
          }}
        >
          <SquareTerminal size={13} aria-hidden="true" />
          {t('why.run')}
        </button>
      </div>
    </section>
  )
}
