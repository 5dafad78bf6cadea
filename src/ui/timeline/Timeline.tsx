import { History } from 'lucide-react'
import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { clockText, seek } from '../actions.ts'
import { useClock, useInputsAhead, useScene } from '../store.ts'
import { clusterMarks, ticksOf } from './marks.ts'
import styles from './Timeline.module.css'

/** A cluster that is a few seconds old still gets a minute of scale, so that the playhead has somewhere to go. */
const leastSpanMs = 60_000
/** While dragging, at most so many seeks a second. */
const seekEveryMs = 120
const keyStepMs = 1_000

/** All the time that there has been, with what happened in it; the head can be dragged to any moment. */
export function Timeline() {
  const { t } = useTranslation()
  const start = useClock(state => state.start)
  const last = useClock(state => state.start + niceSpan(state.end - state.start))
  const marks = useScene(state => state.marks)
  const trackRef = useRef<HTMLDivElement>(null)
  const width = useWidth(trackRef)
  const { dragged, handlers } = useScrubbing(trackRef, start, last)
  const clusters = useMemo(() => clusterMarks(marks, start, last, width), [marks, start, last, width])
  const ticks = useMemo(() => ticksOf(start, last, width), [start, last, width])
  const share = (at: number) => `${(Math.min(1, Math.max(0, (at - start) / (last - start))) * 100).toFixed(3)}%`
  usePlayhead(trackRef, { start, last, width, dragged })

  const onKeyDown = (event: KeyboardEvent) => {
    const { now, end } = useClock.getState()
    const by = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 }[event.key]
    if (by !== undefined) seek(now + by * keyStepMs)
    else if (event.key === 'Home') seek(start)
    else if (event.key === 'End') seek(end)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <section className={styles.timeline} aria-label={t('timeline.title')}>
      <InThePast />
      <div
        ref={trackRef}
        className={styles.track}
        role="slider"
        tabIndex={0}
        aria-label={t('timeline.slider')}
        aria-valuemin={start}
        data-dragging={dragged !== undefined}
        onKeyDown={onKeyDown}
        {...handlers}
      >
        {ticks
          .filter(at => (at - start) / (last - start) < 0.94)
          .map(at => (
            <time key={at} className={styles.tick} style={{ left: share(at) }}>
              {clockText(at).slice(0, 8)}
            </time>
          ))}
        <div className={styles.rail}>
          <div className={styles.known} data-known />
          <div className={styles.past} data-past />
        </div>
        {clusters.map(({ at, type, count, label, time }) => (
          <i
            key={`${time}/${type}`}
            className={styles.mark}
            style={{ left: `${(at * 100).toFixed(3)}%` }}
            data-type={type}
            data-many={count > 1}
            title={`${clockText(time)}\n${label}`}
          />
        ))}
        <div className={styles.head} data-head>
          <span className="mono" />
        </div>
      </div>
    </section>
  )
}

interface Scale {
  readonly start: number
  readonly last: number
  readonly width: number
  readonly dragged: number | undefined
}

/**
 * Moves the head past React and without a layout: a moment passes at every frame, and a render of the timeline for each
 * was a third of what a frame cost.
 */
function usePlayhead(track: RefObject<HTMLElement | null>, { start, last, width, dragged }: Scale): void {
  useEffect(() => {
    const slider = track.current
    const part = (name: string) => slider?.querySelector<HTMLElement>(`[data-${name}]`)
    const [known, past, head] = [part('known'), part('past'), part('head')]
    const label = head?.querySelector('span')
    if (!slider || !known || !past || !head || !label) return
    // In half pixels: most frames move nothing, and then the compositor has nothing to arrange.
    const pixels = (at: number) => Math.round(Math.min(1, Math.max(0, (at - start) / (last - start))) * width * 2) / 2
    let drawn = ''
    const write = () => {
      const { now, end } = useClock.getState()
      const shown = dragged ?? now
      const [x, reach] = [pixels(shown), pixels(end)]
      if (drawn !== `${x} ${reach}`) {
        drawn = `${x} ${reach}`
        known.style.transform = `scaleX(${reach / width})`
        past.style.transform = `scaleX(${x / width})`
        head.style.transform = `translateX(${x}px)`
      }
      const text = clockText(shown).slice(0, dragged === undefined ? 8 : 12)
      if (label.textContent !== text) label.textContent = text
      slider.setAttribute('aria-valuemax', String(end))
      slider.setAttribute('aria-valuenow', String(Math.round(shown)))
      slider.setAttribute('aria-valuetext', text)
    }
    write()
    return useClock.subscribe(write)
  }, [track, start, last, width, dragged])
}

/** Whoever looks at the past is told that what was done later is still there, and what would end that. */
function InThePast() {
  const { t } = useTranslation()
  const count = useInputsAhead()
  if (count === 0) return null
  return (
    <p className={styles.ahead} role="status">
      <History size={12} aria-hidden="true" />
      {t('timeline.ahead', { count })}
    </p>
  )
}

/** Dragging shows the moment at once and asks for it a few times a second; letting go asks for the last one. */
function useScrubbing(track: { readonly current: HTMLElement | null }, start: number, last: number) {
  const [dragged, setDragged] = useState<number>()
  const askedAt = useRef(0)
  const momentAt = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect()
    if (!box) return start
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
    return Math.min(useClock.getState().end, start + share * (last - start))
  }
  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    setDragged(momentAt(event))
  }
  const onPointerMove = (event: PointerEvent) => {
    if (dragged === undefined) return
    const at = momentAt(event)
    setDragged(at)
    if (event.timeStamp - askedAt.current < seekEveryMs) return
    askedAt.current = event.timeStamp
    seek(at)
  }
  const onPointerUp = (event: PointerEvent) => {
    if (dragged === undefined) return
    setDragged(undefined)
    seek(momentAt(event))
  }
  const onPointerCancel = () => {
    setDragged(undefined)
  }
  return { dragged, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel } }
}

/** Room to grow in steps, so that the scale stands still most of the time: up to the next of 1, 1.5, 2, 3, 4, 6, 8 × 2ⁿ minutes. */
function niceSpan(span: number): number {
  let room = leastSpanMs
  while (room < span * 1.02) room *= room / leastSpanMs === 2 ** Math.floor(Math.log2(room / leastSpanMs)) ? 1.5 : 4 / 3
  return room
}

function useWidth(ref: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(800)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      setWidth(element.clientWidth)
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [ref])
  return width
}
