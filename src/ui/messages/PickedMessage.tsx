import { useTranslation } from 'react-i18next'
import type { Motion } from '../../scene/model.ts'
import styles from '../inspector/Inspector.module.css'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import { factsOf } from './facts.ts'
import details from './MessageDetails.module.css'
import { Ends, MessageDetails } from './MessageDetails.tsx'
import { useLine } from './use-line.ts'

/** A message that was pressed on its way, in the inspector. */
export function PickedMessage({ motion }: { readonly motion: Motion }) {
  const { t } = useTranslation()
  const line = useLine(motion.trace)
  const facts = line ? factsOf(line) : undefined
  const flow = {
    control: t('graph.flowControl'),
    watch: t('graph.flowWatch'),
    request: t('graph.flowRequest'),
    response: t('graph.flowResponse'),
  }[motion.flow]
  const verdict = facts?.verdict.split(' ')[0]
  return (
    <article className={styles.inspector} data-picked={motion.id}>
      <header className={styles.head}>
        <p className={styles.kind}>{flow}</p>
        <h2>{facts?.title ?? motion.label}</h2>
        <p className={styles.status} data-tone={motion.tone}>
          <ToneIcon tone={motion.tone} size={13} />
          {verdict || t(`tone.${motion.tone}`)}
        </p>
      </header>
      <div className={styles.body}>
        {line && <MessageDetails line={line} />}
        {line === null && (
          <>
            <dl className={`${styles.facts} ${details.facts}`}>
              <Ends motion={motion} />
            </dl>
            <p className={styles.note}>{t('message.forgotten')}</p>
          </>
        )}
      </div>
    </article>
  )
}
