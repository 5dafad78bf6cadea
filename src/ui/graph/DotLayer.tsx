import { useStore } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import type { Tone } from '../../scene/model.ts'
import { useSelection } from '../selection.ts'
import { useScene } from '../store.ts'
import { useTheme } from '../theme.ts'
import { useLayout } from './layout-store.ts'
import styles from './MotionLayer.module.css'

const tones: readonly Tone[] = ['good', 'busy', 'warning', 'bad', 'idle', 'unknown']

/**
 * Pods by the thousand: one canvas that follows the viewport, 25-40 frames a second at 10,000 Pods where nodes of React
 * Flow manage 2-5 (DESIGN.md). One path a tone, so that ten thousand squares are six fills.
 */
export function DotLayer() {
  const canvasRef = useRef<HTMLCanvasElement>(null)
  const transform = useStore(state => state.transform)
  const layout = useLayout(state => state.layout)
  const revision = useScene(state => state.revision)
  const selected = useSelection(state => state.selected)
  const theme = useTheme()

  useEffect(() => {
    const canvas = canvasRef.current
    const context = canvas?.getContext('2d')
    if (!canvas || !context || revision < 0) return
    const ratio = window.devicePixelRatio
    canvas.width = Math.round(canvas.clientWidth * ratio)
    canvas.height = Math.round(canvas.clientHeight * ratio)
    const [x, y, zoom] = transform
    context.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y)
    const style = getComputedStyle(canvas)
    const paths = new Map(tones.map(tone => [tone, new Path2D()]))
    const { items } = useScene.getState()
    const left = -x / zoom - 12
    const top = -y / zoom - 12
    const right = left + canvas.clientWidth / zoom + 24
    const bottom = top + canvas.clientHeight / zoom + 24
    for (const [id, place] of layout.places) {
      if (place.form !== 'cell' || place.x < left || place.x > right || place.y < top || place.y > bottom) continue
      const tone = items.get(id)?.tone
      if (tone) paths.get(tone)?.rect(place.x, place.y, place.width, place.height)
    }
    for (const [tone, path] of paths) {
      context.fillStyle = style.getPropertyValue(`--${tone}`)
      context.fill(path)
    }
    const chosen = selected === undefined ? undefined : layout.places.get(selected)
    if (chosen?.form === 'cell') {
      context.strokeStyle = style.getPropertyValue('--accent')
      context.lineWidth = 3
      context.strokeRect(chosen.x - 2, chosen.y - 2, chosen.width + 4, chosen.height + 4)
    }
  }, [transform, layout, revision, selected, theme])

  return <canvas ref={canvasRef} className={styles.layer} aria-hidden="true" />
}
