import { useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import type { Motion } from '../../scene/model.ts'
import { type ClockState, onMotions, useClock, useScene, virtualNow } from '../store.ts'
import { useTheme } from '../theme.ts'
import { useLayout } from './layout-store.ts'
import styles from './MotionLayer.module.css'
import { paintLabel, paintMotion, readPalette } from './motion-paint.ts'
import { type Moving, MotionStage } from './motion-stage.ts'
import { arc, placeOf, type Point, route } from './routes.ts'

/** So many labels can be read at once. */
const labelsMax = 5
const labelLength = 40
const chatterAlpha = 0.4

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
    let ratio = 1
    const observer = new ResizeObserver(() => {
      ratio = fit(canvas)
    })
    observer.observe(canvas)
    let frame = 0
    let last = 0

    const draw = (realNow: number) => {
      const elapsed = last === 0 ? 16 : Math.min(100, realNow - last)
      last = realNow
      const [x, y, zoom] = flow.getState().transform
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.clearRect(0, 0, canvas.width, canvas.height)
      context.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y)
      const moving = stage.advance(elapsed, virtualNow(realNow), useClock.getState().speed)
      for (const each of moving) {
        const points = wayOf(each)
        if (!points) continue
        const progress = isStill.matches ? 0.5 : each.progress
        context.globalAlpha = isChatter(each.motion) ? chatterAlpha : 1
        paintMotion(context, { motion: each.motion, points, progress }, palette, zoom)
        context.globalAlpha = 1
      }
      const spoken = moving.filter(each => isSlow(useClock.getState()) || !isChatter(each.motion))
      if (spoken.length <= labelsMax && zoom > 0.55) {
        for (const each of spoken) {
          const points = wayOf(each)
          const at = points?.[Math.floor(points.length / 2)]
          if (at) paintLabel(context, at, labelOf(each), palette, zoom)
        }
      }
      if (!stage.isEmpty) frame = requestAnimationFrame(draw)
      else {
        frame = 0
        last = 0
      }
    }
    const stop = onMotions((motions, reset) => {
      if (reset) stage.clear()
      if (!document.hidden) stage.add(motions, useClock.getState().speed)
      if (frame === 0) frame = requestAnimationFrame(draw)
    })
    return () => {
      stop()
      observer.disconnect()
      cancelAnimationFrame(frame)
    }
  }, [flow, theme])

  return <canvas ref={canvasRef} className={styles.layer} aria-hidden="true" />
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

/** Requests travel on wires; messages of the control plane take a bow through the air. */
function wayOf({ motion }: Moving): readonly Point[] | undefined {
  const { layout } = useLayout.getState()
  const start = placeOf(layout, motion.from)
  const end = placeOf(layout, motion.to)
  if (!start || !end || start === end) return undefined
  const isTraffic = motion.flow === 'request' || motion.flow === 'response'
  return isTraffic ? route(layout, motion.from, motion.to) : arc(start, end)
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
