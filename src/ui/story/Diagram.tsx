import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { actors, type StoryStep } from '../../scene/story/story.ts'
import { clockText, seek } from '../actions.ts'
import { usePreferences } from '../preferences.ts'
import styles from './Story.module.css'

/** Of a story that goes on and on the end is what people look at. */
const stepsShown = 400
/** So near to the end somebody counts as being there, and is taken along. */
const nearPx = 60

/** Steps as arrows between lifelines, oldest first; who is at the end stays there when more comes. */
export function Diagram({ steps }: { readonly steps: readonly StoryStep[] }) {
  const { t } = useTranslation()
  const scroll = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const count = steps.length
  useEffect(() => {
    const element = scroll.current
    if (element && isAtEnd.current) element.scrollTop = element.scrollHeight
  }, [count])
  return (
    <div
      ref={scroll}
      className={styles.scroll}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearPx
      }}
    >
      <div className={styles.heads} aria-hidden="true">
        <span className={styles.time} />
        <div className={styles.lifelines}>
          {actors.map(actor => (
            <span key={actor}>{t(`story.${actor}`)}</span>
          ))}
        </div>
        <span className={styles.text} />
      </div>
      <ol className={styles.steps} aria-label={t('story.title')}>
        {steps.slice(-stepsShown).map(step => (
          <Step key={`${step.seq} ${step.to}`} step={step} />
        ))}
      </ol>
    </div>
  )
}

function Step({ step }: { readonly step: StoryStep }) {
  const { t } = useTranslation()
  const language = usePreferences(state => state.language)
  const [from, to] = [actors.indexOf(step.from), actors.indexOf(step.to)]
  const left = (Math.min(from, to) + 0.5) / actors.length
  const width = Math.abs(to - from) / actors.length
  const way = from === to ? 'self' : from < to ? 'right' : 'left'
  const time = clockText(step.at)
  return (
    <li>
      <button
        type="button"
        className={styles.step}
        data-tone={step.tone}
        title={t('story.goTo', { time })}
        onClick={() => {
          seek(step.at)
        }}
      >
        <time className={`${styles.time ?? ''} mono`}>{time}</time>
        <span className={styles.lane} aria-hidden="true">
          <i data-way={way} style={{ left: `${String(left * 100)}%`, width: `${String(width * 100)}%` }} />
        </span>
        <span className="visually-hidden">
          {t(`story.${step.from}`)} → {t(`story.${step.to}`)}:{' '}
        </span>
        <span className={styles.text}>{step.text[language]}</span>
      </button>
    </li>
  )
}
