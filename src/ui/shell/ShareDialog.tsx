import { Check, Copy, Download, QrCode as QrIcon } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SessionRecord } from '../../protocol/messages.ts'
import { copyText } from '../actions.ts'
import { linkTo } from '../session/opening.ts'
import { record as recordNow, reportError } from '../session/session.ts'
import { CopyAs } from '../share/CopyAs.tsx'
import { Dialog } from './Dialog.tsx'
import styles from './ShareDialog.module.css'

const QrCode = lazy(() => import('../share/QrCode.tsx'))

/** Some programs cut links at the first length, most chat programs and mail at the second. */
const longLink = 2_000
const tooLongLink = 4_000
/** The largest QR code holds 2,953 bytes, but no telephone reads one of that size off a wall. */
const qrMax = 2_300

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
  const { length } = made.link
  const warning = length > tooLongLink ? t('share.long') : length > longLink ? t('share.longish') : undefined
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
      <p className={styles.length} data-long={warning !== undefined}>
        {t('share.length', { count: length })}
        {warning !== undefined && <span> · {warning}</span>}
      </p>
      {made.record.digest !== undefined && (
        <p className={styles.length} title={t('share.digestTitle')}>
          {t('share.digest')} <code data-digest>{made.record.digest}</code>
        </p>
      )}
      <OtherWays {...made} />
    </div>
  )
}

/** A file, other forms of the link, and a code for telephones. */
function OtherWays({ record, link }: Made) {
  const { t } = useTranslation()
  const [isCoded, setCoded] = useState(false)
  const isTooLong = link.length > qrMax
  return (
    <>
      <div className={styles.more}>
        <button
          type="button"
          className={styles.file}
          onClick={() => {
            download(record)
          }}
        >
          <Download size={14} aria-hidden="true" />
          {t('share.download')}
        </button>
        <CopyAs record={record} link={link} />
        <button
          type="button"
          className={styles.file}
          aria-pressed={isCoded}
          disabled={isTooLong}
          title={isTooLong ? t('share.qrTooLong', { most: qrMax }) : undefined}
          onClick={() => {
            setCoded(!isCoded)
          }}
        >
          <QrIcon size={14} aria-hidden="true" />
          {t('share.qr')}
        </button>
      </div>
      {isCoded && (
        <Suspense fallback={null}>
          <QrCode link={link} />
        </Suspense>
      )}
    </>
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
