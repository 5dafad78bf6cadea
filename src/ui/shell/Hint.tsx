import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { prefer, usePreferences } from '../preferences.ts'
import { useScene } from '../store.ts'
import { openDialog } from './dialogs.ts'
import styles from './Hint.module.css'

/** One sentence for the first visit, until something is done; it is in nobody's way and never comes back. */
export function Hint() {
  const { t } = useTranslation()
  const seen = usePreferences(state => state.hintSeen)
  const isDoing = useScene(state => state.marks.some(mark => mark.type === 'input'))
  useEffect(() => {
    if (isDoing) done()
  }, [isDoing])
  if (seen) return null
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

function done(): void {
  prefer({ hintSeen: true })
}
