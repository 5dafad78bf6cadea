import { Check, Copy, Download } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SessionRecord } from '../../protocol/messages.ts'
import { copyText } from '../actions.ts'
import { linkTo } from '../session/opening.ts'
import { record as recordNow, reportError } from '../session/session.ts'
import { Dialog } from './Dialog.tsx'
import styles from './ShareDialog.module.css'

/** Chat programs and mail cut links at about this length. */
const longLink = 4_000

/** The cluster as a link, with its length, and as a file. */
export function ShareDialog() {
  const { t } = useTranslation()
  return (
    <Dialog name="share" title={t('share.title')} closeLabel={t('share.close')}>
      <Sharing />
    </Dialog>
  )
}

interface Made {
  readonly record: SessionRecord
  readonly link: string
}

function Sharing() {
  const { t } = useTranslation()
  const [made, setMade] = useState<Made>()
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    recordNow()
      .then(record => {
        setMade({ record, link: linkTo(record) })
      })
      .catch(reportError)
  }, [])
  if (!made) return <p className={styles.text}>{t('share.working')}</p>
  const isLong = made.link.length > longLink
  return (
    <div className={styles.share}>
      <p className={styles.text}>{t('share.text')}</p>
      <div className={styles.link}>
        <input
          className="mono"
          readOnly
          value={made.link}
          aria-label={t('share.title')}
          onFocus={event => {
            event.target.select()
          }}
        />
        <button
          type="button"
          className={styles.main}
          onClick={() => {
            void copyText(made.link).then(() => {
              setCopied(true)
            })
          }}
        >
          {isCopied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
          {t(isCopied ? 'share.copied' : 'share.copy')}
        </button>
      </div>
      <p className={styles.length} data-long={isLong}>
        {t('share.length', { count: made.link.length })}
        {isLong && <span> · {t('share.long')}</span>}
      </p>
      {made.record.digest !== undefined && (
        <p className={styles.length} title={t('share.digestTitle')}>
          {t('share.digest')} <code data-digest>{made.record.digest}</code>
        </p>
      )}
      <button
        type="button"
        className={styles.file}
        onClick={() => {
          download(made.record)
        }}
      >
        <Download size={14} aria-hidden="true" />
        {t('share.download')}
      </button>
    </div>
  )
}

function download(record: SessionRecord): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(record)], { type: 'application/json' }))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = `podscape-${new Date(record.at).toISOString().slice(0, 19).replaceAll(':', '')}.json`
  anchor.click()
  URL.revokeObjectURL(url)
}
