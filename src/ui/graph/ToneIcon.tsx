import type { JSX } from 'react'
import type { Tone } from '../../scene/model.ts'
import styles from './ToneIcon.module.css'

const shapes: Record<Tone, JSX.Element> = {
  good: (
    <>
      <circle cx="6" cy="6" r="5.5" fill="currentColor" />
      <path d="m3.6 6.2 1.7 1.7 3.2-3.6" className={styles.inner} />
    </>
  ),
  busy: (
    <>
      <circle cx="6" cy="6" r="4.7" className={styles.track} />
      <path d="M6 1.3A4.7 4.7 0 1 1 1.3 6" className={styles.arc} />
    </>
  ),
  warning: (
    <>
      <path d="M6 .8 11.6 11H.4z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
      <path d="M6 4.6v2.8M6 9.2v.1" className={styles.inner} />
    </>
  ),
  bad: (
    <>
      <path d="M3.7.5h4.6l3.2 3.2v4.6l-3.2 3.2H3.7L.5 8.3V3.7z" fill="currentColor" />
      <path d="m4 4 4 4m0-4L4 8" className={styles.inner} />
    </>
  ),
  idle: (
    <>
      <circle cx="6" cy="6" r="4.7" className={styles.ring} />
      <path d="M4 6h4" className={styles.ring} />
    </>
  ),
  unknown: (
    <>
      <circle cx="6" cy="6" r="4.9" className={styles.dashed} />
      <path d="M4.6 4.8a1.4 1.4 0 1 1 1.9 1.4q-.5.2-.5.8M6 8.7v.1" className={styles.ring} />
    </>
  ),
}

/**
 * A tone as a shape: six outlines that differ without colour. The word beside it is the caller's. None of them turns or
 * blinks: a hundred spinners repaint the whole page at every frame, and nobody can read beside them.
 */
export function ToneIcon({ tone, size = 12 }: { readonly tone: Tone; readonly size?: number }) {
  return (
    <svg className={styles.icon} data-tone={tone} width={size} height={size} viewBox="0 0 12 12" aria-hidden="true">
      {shapes[tone]}
    </svg>
  )
}
