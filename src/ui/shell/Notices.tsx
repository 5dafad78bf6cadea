import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import { dismiss, useNotices } from '../notices.ts'
import { IconButton } from './IconButton.tsx'
import styles from './Notices.module.css'

/** Messages over the upper edge of the graph; a screen reader says them as they come. */
export function Notices() {
  const { t } = useTranslation()
  const notices = useNotices(state => state.notices)
  return (
    <div className={styles.notices} role="status" aria-live="polite">
      {notices.map(({ id, tone, text, actions }) => (
        <div key={id} className={styles.notice} data-tone={tone}>
          <ToneIcon tone={tone} size={14} />
          <p>{text}</p>
          {actions?.map(({ label, run }) => (
            <button
              key={label}
              type="button"
              className={styles.action}
              onClick={() => {
                dismiss(id)
                run()
              }}
            >
              {label}
            </button>
          ))}
          <IconButton
            label={t('error.dismiss')}
            icon={X}
            size={13}
            onClick={() => {
              dismiss(id)
            }}
          />
        </div>
      ))}
    </div>
  )
}
