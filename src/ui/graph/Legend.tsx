import { useTranslation } from 'react-i18next'
import styles from './Legend.module.css'

/** What the moving shapes mean, small, at the lower edge. */
export function Legend() {
  const { t } = useTranslation()
  return (
    <ul className={styles.legend} aria-label={t('graph.legend')}>
      <li data-flow="control">
        <svg viewBox="0 0 12 12">
          <path d="M6 1.5 10.5 6 6 10.5 1.5 6z" fill="currentColor" />
        </svg>
        {t('graph.flowControl')}
      </li>
      <li data-flow="watch">
        <svg viewBox="0 0 12 12">
          <circle cx="6" cy="6" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.6" />
        </svg>
        {t('graph.flowWatch')}
      </li>
      <li data-flow="request">
        <svg viewBox="0 0 12 12">
          <path d="m11 6-9 4.4L3.6 6 2 1.6z" fill="currentColor" />
        </svg>
        {t('graph.flowRequest')}
      </li>
      <li data-flow="response">
        <svg viewBox="0 0 12 12">
          <rect x="2.4" y="2.4" width="7.2" height="7.2" fill="currentColor" />
        </svg>
        {t('graph.flowResponse')}
      </li>
    </ul>
  )
}
