import type { Motion } from '../../scene/model.ts'
import { useSelection } from '../selection.ts'
import { type ClockState, onMotions, useClock, useScene, virtualNow } from '../store.ts'
import { showHeads } from './heads.ts'
import { useLayout } from './layout-store.ts'
import { paintLabel, paintMotions, paintWay, readPalette, type Stroke } from './motion-paint.ts'
import { type Moving, MotionStage } from './motion-stage.ts'
import { Ways } from './motion-ways.ts'

/** So many labels can be read at once. */
const labelsMax = 5
const labelLength = 40

/** The part of React Flow's store that says where the picture is looked at from. */
export interface Viewpoint {
  readonly getState: () => { readonly transform: readonly [number, number, number] }
  readonly subscribe: (listener: () => void) => () => void
}

type Drawn = Stroke & Moving

/** Draws what moves, frame by frame, past React. Sleeps while nothing moves, which is also when time stands still. */
export class MotionLoop {
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #view: Viewpoint
  readonly #palette
  readonly #isReduced = window.matchMedia('(prefers-reduced-motion: reduce)')
  readonly #stage = new MotionStage()
  readonly #ways = new Ways()
  readonly #stops: (() => void)[]
  #ratio = 1
  #frame = 0
  #last = 0
  /** What the last frame showed, to know when nothing moves any more. */
  #shown = ''

  constructor(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, view: Viewpoint) {
    this.#canvas = canvas
    this.#context = context
    this.#view = view
    this.#palette = readPalette(canvas)
    const observer = new ResizeObserver(() => {
      this.#ratio = fit(canvas)
      this.#wake()
    })
    observer.observe(canvas)
    this.#stops = [
      () => {
        observer.disconnect()
      },
      onMotions((motions, reset) => {
        this.#take(motions, reset)
      }),
      ...[view, useClock, useLayout].map(source => source.subscribe(this.#rouse)),
      useSelection.subscribe((now, before) => {
        if (now.message !== before.message) this.#wake()
      }),
    ]
  }

  stop(): void {
    for (const stop of this.#stops) stop()
    cancelAnimationFrame(this.#frame)
    showHeads([], false)
  }

  #take(motions: readonly Motion[], reset: boolean): void {
    if (reset) this.#stage.clear()
    const { speed, playing } = useClock.getState()
    if (!document.hidden) this.#stage.add(motions, speed, !playing)
    this.#wake()
  }

  #wake(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#draw)
  }

  /** The picture was moved, or time goes on: that concerns only what is there to be drawn. */
  readonly #rouse = (): void => {
    if (!this.#stage.isEmpty || useSelection.getState().message) this.#wake()
  }

  readonly #draw = (realNow: number): void => {
    const elapsed = this.#last === 0 ? 16 : Math.min(100, realNow - this.#last)
    const clock = useClock.getState()
    const { transform } = this.#view.getState()
    this.#ways.follow(useLayout.getState().layout)
    const moving = this.#stage.advance(elapsed, virtualNow(realNow), clock.speed, !clock.playing)
    const strokes = moving.flatMap(each => this.#strokeOf(each))
    const shown = `${transform.join()} ${strokes.map(({ motion, progress }) => motion.id + progress).join()}`
    const isStanding = !clock.playing && shown === this.#shown
    this.#shown = shown
    this.#paint(strokes, transform, clock, isStanding)
    const goesOn = !this.#stage.isEmpty && !isStanding
    this.#frame = goesOn ? requestAnimationFrame(this.#draw) : 0
    this.#last = goesOn ? realNow : 0
  }

  #strokeOf(each: Moving): readonly Drawn[] {
    const points = this.#ways.of(each.motion)
    if (!points) return []
    const progress = this.#isReduced.matches ? 0.5 : each.progress
    return [{ ...each, progress, points, isFaint: isChatter(each.motion) }]
  }

  #paint(strokes: readonly Drawn[], view: readonly [number, number, number], clock: ClockState, isStanding: boolean) {
    const [context, palette, ratio] = [this.#context, this.#palette, this.#ratio]
    const [x, y, zoom] = view
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height)
    context.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y)
    const { message } = useSelection.getState()
    const chosen = message && this.#ways.of(message)
    if (chosen) paintWay(context, chosen, palette, zoom)
    const heads = paintMotions(context, strokes, palette, zoom)
    showHeads(
      strokes.map(({ motion, count }, index) => ({ motion, count, ...(heads[index] ?? { x: 0, y: 0 }) })),
      isStanding,
    )
    const spoken = strokes.filter(each => isSlow(clock) || !each.isFaint)
    if (spoken.length > labelsMax || zoom <= 0.55 || isFast(clock)) return
    for (const each of spoken) {
      const at = each.points[Math.floor(each.points.length / 2)]
      if (at) paintLabel(context, at, labelOf(each), palette, zoom)
    }
  }
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

/** Too fast to read anything. */
function isFast({ speed, playing }: ClockState): boolean {
  return speed > 2 && playing
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
