import { useMemo } from 'react'
import { create } from 'zustand'
import type { Frame, TerminalOutput } from '../protocol/messages.ts'
import type { Mark, Motion, Relation, SceneDelta, SceneItem } from '../scene/model.ts'

/**
 * The page's picture of the cluster (D11). `items` and `relations` are changed in place, item objects never are: a
 * component that selects one item renders when that item changed, and a frame costs what changed in it, not what there is.
 */
export interface SceneState {
  readonly items: ReadonlyMap<string, SceneItem>
  readonly relations: ReadonlyMap<string, Relation>
  readonly marks: readonly Mark[]
  /** Grows with every delta that changed anything; selectors over many items depend on it. */
  readonly revision: number
  /** Grows when items come, go or move: what layout and lists depend on. */
  readonly structure: number
  /** Grows when relations change. */
  readonly wiring: number
  /** Grows when everything was replaced: places are given anew. */
  readonly generation: number
}

export interface ClockState {
  readonly now: number
  readonly start: number
  readonly end: number
  readonly playing: boolean
  readonly speed: number
  readonly reachedSpeed: number
  readonly booted: boolean
  /** `performance.now()` at which the frame arrived. */
  readonly arrivedAt: number
}

const items = new Map<string, SceneItem>()
const relations = new Map<string, Relation>()
const motionListeners = new Set<(motions: readonly Motion[], reset: boolean) => void>()
const outputListeners = new Set<(output: readonly TerminalOutput[], reset: boolean) => void>()

export const useScene = create<SceneState>(() => ({
  items,
  relations,
  marks: [],
  revision: 0,
  structure: 0,
  wiring: 0,
  generation: 0,
}))

export const useClock = create<ClockState>(() => ({
  now: 0,
  start: 0,
  end: 0,
  playing: false,
  speed: 1,
  reachedSpeed: 1,
  booted: false,
  arrivedAt: 0,
}))

/** Takes a frame in: scene, clock, motions and terminal output. */
export function receiveFrame(frame: Frame): void {
  receiveFrames([frame])
}

/** Takes in frames that came close together, and tells of them once: a page that is behind must not fall further behind. */
export function receiveFrames(frames: readonly Frame[]): void {
  const last = frames.at(-1)
  if (!last) return
  receiveDeltas(frames.map(frame => frame.scene))
  const { now, start, end, playing, speed, reachedSpeed, booted } = last
  if (end < useClock.getState().end) dropMarksAfter(end)
  useClock.setState({ now, start, end, playing, speed, reachedSpeed, booted, arrivedAt: performance.now() })
  for (const frame of frames) {
    for (const listener of outputListeners) listener(frame.terminals, frame.scene.reset)
  }
}

/** Takes a delta in. A reset replaces everything, but an item that is the same keeps its object. */
export function receiveDelta(delta: SceneDelta): void {
  receiveDeltas([delta])
}

function receiveDeltas(deltas: readonly SceneDelta[]): void {
  const next = { ...useScene.getState() }
  let isTouched = false
  for (const delta of deltas) {
    const moved = delta.reset ? replaceItems(delta.items) : changeItems(delta.items, delta.removedItems)
    const rewired = changeRelations(delta)
    if (delta.motions.length > 0 || delta.reset) {
      for (const listener of motionListeners) listener(delta.motions, delta.reset)
    }
    if (moved) next.structure++
    if (rewired) next.wiring++
    if (delta.reset) next.generation++
    if (delta.marks.length > 0) next.marks = mergeMarks(next.marks, delta.marks)
    isTouched ||= moved || rewired || delta.items.length > 0 || delta.marks.length > 0 || delta.reset
  }
  if (isTouched) useScene.setState({ ...next, revision: next.revision + 1 })
}

/** Marks outlive a rewind, since what they mark can be gone to again; the same moment played twice is marked once. */
function mergeMarks(known: readonly Mark[], added: readonly Mark[]): readonly Mark[] {
  const keys = new Set(known.map(keyOf))
  return [...known, ...added.filter(mark => !keys.has(keyOf(mark)))]
}

function keyOf({ at, type, label }: Mark): string {
  return `${at}/${type}/${label}`
}

/** Drops marks of a future that will not come: something new was done after a rewind, or another cluster was opened. */
export function dropMarksAfter(at: number): void {
  const { marks } = useScene.getState()
  const kept = marks.filter(mark => mark.at <= at)
  if (kept.length < marks.length) useScene.setState({ marks: kept })
}

/** How many inputs lie after the moment that is shown: they are kept until something new is done here. */
export function inputsAhead(): number {
  const { now, end } = useClock.getState()
  return now < end ? countAhead(useScene.getState().marks, now) : 0
}

/** The same, for components. */
export function useInputsAhead(): number {
  const marks = useScene(state => state.marks)
  return useClock(({ now, end }) => (now < end ? countAhead(marks, now) : 0))
}

function countAhead(marks: readonly Mark[], now: number): number {
  return marks.filter(mark => mark.type === 'input' && mark.at > now).length
}

function replaceItems(next: readonly SceneItem[]): boolean {
  const ids = new Set(next.map(item => item.id))
  for (const id of [...items.keys()]) if (!ids.has(id)) items.delete(id)
  for (const item of next) items.set(item.id, item)
  return true
}

function changeItems(changed: readonly SceneItem[], removed: readonly string[]): boolean {
  let moved = false
  for (const item of changed) {
    const old = items.get(item.id)
    if (!old || old.parent !== item.parent || old.order !== item.order) moved = true
    items.set(item.id, item)
  }
  for (const id of removed) moved = items.delete(id) || moved
  return moved
}

function changeRelations(delta: SceneDelta): boolean {
  if (delta.reset) relations.clear()
  for (const relation of delta.relations) relations.set(relation.id, relation)
  for (const id of delta.removedRelations) relations.delete(id)
  return delta.reset || delta.relations.length > 0 || delta.removedRelations.length > 0
}

/** Hears of motions as they come; they live outside React, on one canvas. */
export function onMotions(listener: (motions: readonly Motion[], reset: boolean) => void): () => void {
  motionListeners.add(listener)
  return () => motionListeners.delete(listener)
}

/** Hears of terminal output as it comes. `reset` says that the session went to another time. */
export function onTerminalOutput(listener: (output: readonly TerminalOutput[], reset: boolean) => void): () => void {
  outputListeners.add(listener)
  return () => outputListeners.delete(listener)
}

/** One item; renders when that item changes and at no other time. */
export function useItem(id: string | undefined): SceneItem | undefined {
  return useScene(state => (id === undefined ? undefined : state.items.get(id)))
}

/** All items that pass, in the order of their creation; computed again when items come, go or move. */
export function useItemsWhere(passes: (item: SceneItem) => boolean): readonly SceneItem[] {
  const structure = useScene(state => state.structure)
  return useMemo(
    () => (structure < 0 ? [] : [...items.values()].filter(passes).sort((a, b) => a.order - b.order)),
    [structure, passes],
  )
}

/** Virtual time at this instant: the last frame's, carried on by the speed that was reached. */
export function virtualNow(realNow: number): number {
  const clock = useClock.getState()
  if (!clock.playing) return clock.now
  const carried = Math.min(realNow - clock.arrivedAt, 250) // A late frame must not send the picture ahead of the truth.
  return clock.now + Math.max(0, carried) * clock.reachedSpeed
}

/** Grows with every rewind and every new cluster: whoever collects what passes by starts anew. */
export function sceneGeneration(): number {
  return useScene.getState().generation
}
