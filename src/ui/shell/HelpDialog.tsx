import { useTranslation } from 'react-i18next'
import { behaviourAnnotations, behaviourPrefix } from '../../api/core/behaviour-annotations.ts'
import type { Tone } from '../../scene/model.ts'
import { gaps } from '../../scene/not-simulated.ts'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import { usePreferences } from '../preferences.ts'
import { Dialog } from './Dialog.tsx'
import styles from './HelpDialog.module.css'

const tones: readonly Tone[] = ['good', 'busy', 'warning', 'bad', 'idle', 'unknown']

/** What this is, what to try, which keys there are, what the signs mean: one screen. */
export function HelpDialog() {
  const { t } = useTranslation()
  const language = usePreferences(state => state.language)
  const keys: readonly (readonly [string, string])[] = [
    ['Space', t('help.keyPlay')],
    ['.', t('help.keyStep')],
    ['[  ]', t('help.keySlower')],
    ['Home', t('help.keyStart')],
    ['F', t('help.keyFit')],
    ['← ↑ ↓ →', t('help.keyMove')],
    ['Enter  ⇧F10', t('help.keySelect')],
    ['Esc', t('help.keyEscape')],
    ['Ctrl ⏎', t('help.keyApply')],
    ['T', t('help.keyTerminal')],
    ['E', t('help.keyEditor')],
    ['/', t('help.keyFilter')],
  ]
  return (
    <Dialog name="help" title={t('help.title')} closeLabel={t('help.close')}>
      <p className={styles.intro}>{t('help.intro')}</p>
      <h3 className={styles.heading}>{t('help.tryTitle')}</h3>
      <ol className={styles.steps}>
        <li>{t('help.try1')}</li>
        <li>{t('help.try2')}</li>
        <li>{t('help.try3')}</li>
        <li>{t('help.try4')}</li>
      </ol>
      <h3 className={styles.heading}>{t('help.keysTitle')}</h3>
      <dl className={styles.keys}>
        {keys.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <h3 className={styles.heading}>{t('help.legendTitle')}</h3>
      <ul className={styles.tones}>
        {tones.map(tone => (
          <li key={tone} data-tone={tone}>
            <ToneIcon tone={tone} size={14} /> {t(`tone.${tone}`)}
          </li>
        ))}
      </ul>
      <h3 className={styles.heading}>{t('help.stagingTitle')}</h3>
      <p className={styles.intro}>{t('help.staging')}</p>
      <dl className={styles.stages}>
        {behaviourAnnotations.map(annotation => (
          <div key={annotation.key}>
            <dt>
              <code>
                {behaviourPrefix}
                {annotation.key}: {annotation.example}
              </code>
            </dt>
            <dd>{annotation[language]}</dd>
          </div>
        ))}
      </dl>
      <h3 className={styles.heading}>{t('gap.heading')}</h3>
      <ul className={styles.gaps}>
        {gaps.map(gap => (
          <li key={gap.en}>{gap[language]}</li>
        ))}
      </ul>
    </Dialog>
  )
}
