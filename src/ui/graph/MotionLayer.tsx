import { useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import { useTheme } from '../theme.ts'
import { MotionLoop } from './motion-loop.ts'
import styles from './MotionLayer.module.css'

/**
 * Everything that moves, on one canvas above the graph: 1,000 packets hold 58 frames a second here, where DOM and SVG
 * hold 25 to 50 (DESIGN.md).
 */
export function MotionLayer() {
  const canvasRef = useRef<HTMLCanvasElement>(null)
  const flow = useStoreApi()
  const theme = useTheme()

  useEffect(() => {
    const canvas = canvasRef.current
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return
    const loop = new MotionLoop(canvas, context, flow)
    return () => {
      loop.stop()
    }
  }, [flow, theme])

  return <canvas ref={canvasRef} className={styles.layer} aria-hidden="true" />
}
