import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ApplyAnswer } from '../../protocol/messages.ts'
import { gapsIn } from '../../scene/not-simulated.ts'
import { ToneIcon } from '../graph/ToneIcon.tsx'
import { NotSimulated } from '../inspector/NotSimulated.tsx'
import { IconButton } from '../shell/IconButton.tsx'
import styles from './EditorPanel.module.css'

interface ApplyResultProps {
  readonly answer: ApplyAnswer
  readonly onDismiss: () => void
}

/** What kubectl would have printed, and what the server refused, with the line. */
export function ApplyResult({ answer: { lines, errors }, onDismiss }: ApplyResultProps) {
  const { t } = useTranslation()
  const title =
    errors.length > 0
      ? t('editor.failed', { count: errors.length })
      : lines.length > 0
        ? t('editor.applied', { count: lines.length })
        : t('editor.noChange')
  const tone = errors.length > 0 ? 'bad' : 'good'
  return (
    <section className={styles.result} role="status" data-tone={tone}>
      <header>
        <ToneIcon tone={tone} size={13} />
        <h3>{title}</h3>
        <IconButton label={t('editor.dismiss')} icon={X} size={13} onClick={onDismiss} />
      </header>
      <ul>
        {errors.map((error, index) => (
          <li key={`e${index}`} data-error>
            {error.line !== undefined && <b>{t('editor.line', { line: error.line })}</b>}
            {error.message}
          </li>
        ))}
        {lines.map((line, index) => (
          <li key={index} className="mono">
            {line}
          </li>
        ))}
      </ul>
      {gapsIn(lines).map(gap => (
        <NotSimulated key={gap.en} gap={gap} />
      ))}
    </section>
  )
}
