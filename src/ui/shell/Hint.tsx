import { useTranslation } from 'react-i18next'
import { prefer, usePreferences } from '../preferences.ts'
import { openDialog } from './dialogs.ts'
import styles from './Hint.module.css'

/** One sentence for the first visit; it is in nobody's way and never comes back. */
export function Hint() {
  const { t } = useTranslation()
  const seen = usePreferences(state => state.hintSeen)
  if (seen) return null
  const done = () => {
    prefer({ hintSeen: true })
  }
  return (
    <aside className={styles.hint}>
      <p>{t('hint.text')}</p>
      <button
        type="button"
        onClick={() => {
          done()
          openDialog('help')
        }}
      >
        {t('hint.more')}
      </button>
      <button type="button" data-main onClick={done}>
        {t('hint.dismiss')}
      </button>
    </aside>
  )
}
