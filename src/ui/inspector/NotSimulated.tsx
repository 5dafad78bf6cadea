import { Construction } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Gap } from '../../scene/not-simulated.ts'
import { usePreferences } from '../preferences.ts'
import styles from './NotSimulated.module.css'

/** Says plainly that an object is stored and nothing acts on it: silence would be taken for a fault of the reader's. */
export function NotSimulated({ gap }: { readonly gap: Gap }) {
  const { t } = useTranslation()
  const language = usePreferences(state => state.language)
  return (
    <p className={styles.note} data-tone="warning" data-not-simulated>
      <Construction size={14} aria-hidden="true" />
      <span>
        <b>{t('gap.title')}</b> {gap[language]} {t('gap.stored')}
      </span>
    </p>
  )
}
