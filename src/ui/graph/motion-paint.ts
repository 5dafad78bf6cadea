import type { Motion } from '../../scene/model.ts'
import { along, type Point } from './routes.ts'

/** Colours of the canvas, read from the tokens once a theme. */
export interface Palette {
  readonly control: string
  readonly watch: string
  readonly request: string
  readonly response: string
  readonly bad: string
  readonly surface: string
  readonly ink: string
  readonly line: string
  readonly font: string
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    control: token('--flow-control'),
    watch: token('--flow-watch'),
    request: token('--flow-request'),
    response: token('--flow-response'),
    bad: token('--bad'),
    surface: token('--surface'),
    ink: token('--ink'),
    line: token('--line-strong'),
    font: token('--font'),
  }
}

export interface Stroke {
  readonly motion: Motion
  readonly points: readonly Point[]
  readonly progress: number
}

/** Draws one thing that moves: its trail and its shape. */
export function paintMotion(context: CanvasRenderingContext2D, stroke: Stroke, palette: Palette, zoom: number): void {
  const { motion, points, progress } = stroke
  const colour = motion.tone === 'bad' ? palette.bad : palette[motion.flow]
  const eased = progress < 0.5 ? 2 * progress * progress : 1 - (2 - 2 * progress) ** 2 / 2
  const head = along(points, eased)
  const size = Math.max(3.4, 4.6 * Math.min(1.3, zoom)) / zoom
  paintTrail(context, points, eased, colour, size)
  context.save()
  context.translate(head.x, head.y)
  context.rotate(head.angle)
  context.fillStyle = colour
  context.strokeStyle = colour
  context.lineWidth = size * 0.42
  shapes[motion.flow](context, size, palette)
  context.restore()
}

function paintTrail(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  head: number,
  colour: string,
  size: number,
): void {
  const steps = 9
  const strength = context.globalAlpha
  const reach = 0.16
  context.strokeStyle = colour
  context.lineCap = 'round'
  context.lineWidth = size * 0.62
  let last = along(points, head)
  for (let step = 1; step <= steps; step++) {
    const share = head - (reach * step) / steps
    if (share <= 0) break
    const at = along(points, share)
    context.globalAlpha = strength * 0.5 * (1 - step / steps)
    context.beginPath()
    context.moveTo(last.x, last.y)
    context.lineTo(at.x, at.y)
    context.stroke()
    last = at
  }
  context.globalAlpha = strength
}

/** A shape for each flow, pointing to the right: they differ without colour. */
const shapes: Record<Motion['flow'], (context: CanvasRenderingContext2D, size: number, palette: Palette) => void> = {
  control: (context, size) => {
    context.beginPath()
    context.moveTo(size * 1.25, 0)
    context.lineTo(0, size)
    context.lineTo(-size * 1.25, 0)
    context.lineTo(0, -size)
    context.closePath()
    context.fill()
  },
  watch: (context, size, palette) => {
    context.beginPath()
    context.arc(0, 0, size * 0.9, 0, Math.PI * 2)
    context.fillStyle = palette.surface
    context.fill()
    context.stroke()
  },
  request: (context, size) => {
    context.beginPath()
    context.moveTo(size * 1.5, 0)
    context.lineTo(-size, size * 1.05)
    context.lineTo(-size * 0.5, 0)
    context.lineTo(-size, -size * 1.05)
    context.closePath()
    context.fill()
  },
  response: (context, size) => {
    const side = size * 0.95
    context.fillRect(-side, -side, side * 2, side * 2)
  },
}

/** A small label beside a point. */
export function paintLabel(
  context: CanvasRenderingContext2D,
  at: Point,
  text: string,
  palette: Palette,
  zoom: number,
): void {
  const size = 10.5 / zoom
  context.font = `500 ${size}px ${palette.font}`
  const width = context.measureText(text).width + size
  const x = at.x - width / 2
  const y = at.y - size * 2.5
  context.globalAlpha = 0.96
  context.fillStyle = palette.surface
  context.strokeStyle = palette.line
  context.lineWidth = 1 / zoom
  context.beginPath()
  context.roundRect(x, y, width, size * 1.6, size * 0.45)
  context.fill()
  context.stroke()
  context.globalAlpha = 1
  context.fillStyle = palette.ink
  context.textBaseline = 'middle'
  context.fillText(text, x + size / 2, y + size * 0.84)
}
