import { useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import type { Motion } from '../../scene/model.ts'
import { type ClockState, onMotions, useClock, useScene, virtualNow } from '../store.ts'
import { useTheme } from '../theme.ts'
import { showHeads } from './heads.ts'
import type { Layout } from './layout.ts'
import { useLayout } from './layout-store.ts'
import styles from './MotionLayer.module.css'
import { paintLabel, paintMotions, readPalette, type Stroke } from './motion-paint.ts'
import { type Moving, MotionStage } from './motion-stage.ts'
import { arc, placeOf, type Point, route } from './routes.ts'

/** So many labels can be read at once. */
const labelsMax = 5
const labelLength = 40

/**
 * Everything that moves, on one canvas above the graph: 1,000 packets hold 58 frames a second here, where DOM and SVG
 * hold 25 to 50 (DESIGN.md). The loop sleeps while nothing moves.
 */
export function MotionLayer() {
  const canvasRef = useRef<HTMLCanvasElement>(null)
  const flow = useStoreApi()
  const theme = useTheme()

  useEffect(() => {
    const canvas = canvasRef.current
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return
    const palette = readPalette(canvas)
    const isStill = window.matchMedia('(prefers-reduced-motion: reduce)')
    const stage = new MotionStage()
    const ways = new Ways()
    let ratio = 1
    let frame = 0
    let last = 0

    const draw = (realNow: number) => {
      const elapsed = last === 0 ? 16 : Math.min(100, realNow - last)
      last = realNow
      const clock = useClock.getState()
      const [x, y, zoom] = flow.getState().transform
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.clearRect(0, 0, canvas.width, canvas.height)
      context.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y)
      ways.follow(useLayout.getState().layout)
      const strokes: (Stroke & Moving)[] = []
      for (const each of stage.advance(elapsed, virtualNow(realNow), clock.speed)) {
        const points = ways.of(each.motion)
        if (!points) continue
        const progress = isStill.matches ? 0.5 : each.progress
        strokes.push({ ...each, progress, points, isFaint: isChatter(each.motion) })
      }
      const heads = paintMotions(context, strokes, palette, zoom)
      showHeads(strokes.map(({ motion, count }, index) => ({ motion, count, ...(heads[index] ?? { x: 0, y: 0 }) })))
      const spoken = strokes.filter(each => isSlow(clock) || !each.isFaint)
      if (spoken.length <= labelsMax && zoom > 0.55) {
        for (const each of spoken) {
          const at = each.points[Math.floor(each.points.length / 2)]
          if (at) paintLabel(context, at, labelOf(each), palette, zoom)
        }
      }
      if (!stage.isEmpty) frame = requestAnimationFrame(draw)
      else {
        frame = 0
        last = 0
      }
    }
    const wake = () => {
      if (frame === 0) frame = requestAnimationFrame(draw)
    }
    const observer = new ResizeObserver(() => {
      ratio = fit(canvas)
      wake()
    })
    observer.observe(canvas)
    const stop = onMotions((motions, reset) => {
      if (reset) stage.clear()
      if (!document.hidden) stage.add(motions, useClock.getState().speed)
      wake()
    })
    return () => {
      stop()
      observer.disconnect()
      cancelAnimationFrame(frame)
      showHeads([])
    }
  }, [flow, theme])

  return <canvas ref={canvasRef} className={styles.layer} aria-hidden="true" />
}

/** Ways of motions, found once a layout and not at every frame. */
class Ways {
  #layout: Layout | undefined
  readonly #known = new Map<string, readonly Point[] | undefined>()

  follow(layout: Layout): void {
    if (layout === this.#layout) return
    this.#layout = layout
    this.#known.clear()
  }

  /** Requests travel on wires; messages of the control plane take a bow through the air. */
  of({ flow, from, to }: Motion): readonly Point[] | undefined {
    const isTraffic = flow === 'request' || flow === 'response'
    const key = `${isTraffic ? 'wire' : 'air'} ${from} ${to}`
    if (!this.#known.has(key) && this.#layout) this.#known.set(key, wayOn(this.#layout, from, to, isTraffic))
    return this.#known.get(key)
  }
}

function wayOn(layout: Layout, from: string, to: string, isTraffic: boolean): readonly Point[] | undefined {
  const start = placeOf(layout, from)
  const end = placeOf(layout, to)
  if (!start || !end || start === end) return undefined
  return isTraffic ? route(layout, from, to) : arc(start, end)
}

/** Heartbeats, leader elections and probes go on all the time: shown, but in the background. */
function isChatter(motion: Motion): boolean {
  const { items } = useScene.getState()
  const isProbe = items.get(motion.to)?.parent === motion.from || items.get(motion.from)?.parent === motion.to
  return isProbe || /\bleases\b|node.*\/status/.test(motion.label)
}

/** Slow enough to read whatever is said. */
function isSlow({ speed, playing }: ClockState): boolean {
  return speed <= 0.25 || !playing
}

/** Labels without API groups and not longer than a glance: `get leases/kube-scheduler`. */
function labelOf({ motion, count }: Moving): string {
  const words = motion.label.replace(/(\w+)\.[\w.-]*k8s\.io|(\w+)\.apps\b/g, '$1$2')
  const short = words.length > labelLength ? `${words.slice(0, labelLength - 1)}…` : words
  return count > 1 ? `${short} ×${count}` : short
}

/** Makes the canvas as fine as the screen and gives the ratio. Reads sizes, so never while drawing: it would force a layout. */
function fit(canvas: HTMLCanvasElement): number {
  const ratio = window.devicePixelRatio
  const width = Math.round(canvas.clientWidth * ratio)
  const height = Math.round(canvas.clientHeight * ratio)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  return ratio
}
