import { useTranslation } from 'react-i18next'
import styles from './DiffText.module.css'

/** A unified diff to read: what the cluster has, and what it would have. */
export function DiffText({ text }: { readonly text: string }) {
  const { t } = useTranslation()
  if (text.trim() === '') return <p className={styles.none}>{t('editor.noChange')}</p>
  return (
    <pre className={styles.diff} tabIndex={0}>
      {text.split('\n').map((line, index) => (
        <span key={index} data-change={changeOf(line)}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  )
}

function changeOf(line: string): 'head' | 'place' | 'added' | 'removed' | 'same' {
  if (/^(\+\+\+|---|diff )/.test(line)) return 'head'
  if (line.startsWith('@@')) return 'place'
  if (line.startsWith('+')) return 'added'
  return line.startsWith('-') ? 'removed' : 'same'
}
