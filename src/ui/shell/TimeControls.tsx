import { FastForward, Pause, Play, SkipBack, StepForward } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { backToStart, clockText, dateText, setSpeed, speeds, step, togglePlay } from '../actions.ts'
import { useClock, virtualNow } from '../store.ts'
import { IconButton } from './IconButton.tsx'
import styles from './TimeControls.module.css'

/** Time as one would handle a tape: back, play, step, speed, and the clock of the cluster. */
export function TimeControls() {
  const { t } = useTranslation()
  const playing = useClock(state => state.playing)
  const speed = useClock(state => state.speed)
  return (
    <div className={styles.controls} role="group" aria-label={t('bar.time')}>
      <IconButton label={t('bar.backToStart')} keys="Home" icon={SkipBack} onClick={backToStart} />
      <button
        type="button"
        className={styles.play}
        aria-label={t(playing ? 'bar.pause' : 'bar.play')}
        aria-keyshortcuts="Space"
        title={`${t(playing ? 'bar.pause' : 'bar.play')} (Space)`}
        onClick={togglePlay}
      >
        {playing ? <Pause size={14} fill="currentColor" /> : <Play size={14} fill="currentColor" />}
      </button>
      <IconButton label={t('bar.step')} keys="." icon={StepForward} onClick={step} />
      <div className={styles.speed}>
        <FastForward size={13} aria-hidden="true" />
        <input
          type="range"
          min={0}
          max={speeds.length - 1}
          step={1}
          value={Math.max(
            0,
            speeds.findIndex(each => each >= speed),
          )}
          aria-label={t('bar.speed')}
          aria-valuetext={`${speed}×`}
          onChange={event => {
            setSpeed(speeds[Number(event.target.value)] ?? 1)
          }}
        />
        <button
          type="button"
          className={styles.factor}
          title={t('bar.resetSpeed')}
          onClick={() => {
            setSpeed(1)
          }}
        >
          {speed}×
        </button>
      </div>
      <Clock />
    </div>
  )
}

/** Writes itself into the page at every frame, past React: sixty renders a second for one line of text would be waste. */
function Clock() {
  const { t } = useTranslation()
  const ref = useRef<HTMLTimeElement>(null)
  const day = useClock(state => Math.floor(state.now / 86_400_000))
  const lag = useClock(state =>
    state.playing && state.reachedSpeed < state.speed * 0.8 ? state.reachedSpeed : undefined,
  )

  useEffect(() => {
    // One text node for good: a new one at every frame costs ten times as much as new letters in the old one.
    const letters = ref.current?.appendChild(document.createTextNode(''))
    let frame = 0
    const write = (realNow: number) => {
      const text = clockText(virtualNow(realNow))
      // Writing the same text again would repaint the bar at every frame of a paused cluster.
      if (letters && letters.data !== text) letters.data = text
      frame = requestAnimationFrame(write)
    }
    frame = requestAnimationFrame(write)
    return () => {
      cancelAnimationFrame(frame)
      letters?.remove()
    }
  }, [])
  return (
    <div className={styles.clock} title={t('bar.clock')}>
      <time ref={ref} className="mono tabular" />
      <span>{lag === undefined ? dateText(day * 86_400_000) : t('bar.reached', { speed: short(lag) })}</span>
    </div>
  )
}

function short(speed: number): string {
  return speed >= 10 ? String(Math.round(speed)) : String(Math.round(speed * 10) / 10)
}
