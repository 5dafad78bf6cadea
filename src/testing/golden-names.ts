// Real names ↔ the placeholders of the recordings: template hashes, random suffixes, minutes of CronJobs, uids, times.
// Numbers are given in order of creation, as the recorder did.
import { at, mapTexts, textAt } from './golden-json.ts'
import type { Json } from './golden-json.ts'

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const TIME = /\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g
const MINUTE = /-(2\d{7})(?=\b|-)/g

export class ScenarioNames {
  private readonly hashes = new Map<string, string>()
  /** Generated name → the same with placeholders, longest names first when replacing. */
  private readonly generated = new Map<string, string>()
  private readonly suffixes = new Map<string, number>()
  private firstMinute: number | undefined

  constructor(private readonly startMs: () => number) {}

  /** Learns the names that an object brings; call it once for each object that was added, in order of version. */
  learn(object: Json): void {
    const name = textAt(object, 'metadata', 'name')
    const labels = at(object, 'metadata', 'labels')
    const kind = textAt(object, 'kind')
    if (kind === 'ReplicaSet') this.learnHash(textAt(labels, 'pod-template-hash'))
    if (kind === 'ControllerRevision') {
      this.learnHash(textAt(labels, 'controller.kubernetes.io/hash') || textAt(labels, 'controller-revision-hash'))
    }
    const prefix = textAt(object, 'metadata', 'generateName')
    if (prefix === '' || !name.startsWith(prefix) || this.generated.has(name)) return
    const number = (this.suffixes.get(prefix) ?? 0) + 1
    this.suffixes.set(prefix, number)
    this.generated.set(name, `${prefix}<r${number}>`)
  }

  private learnHash(hash: string): void {
    // A StatefulSet's revision label is the name of the revision; its hash is the last part.
    const last = hash.slice(hash.lastIndexOf('-') + 1)
    if (last !== '' && !this.hashes.has(last)) this.hashes.set(last, `<hash${this.hashes.size + 1}>`)
  }

  /** `<hash1>` → the hash that stands behind it, to be compared with `scenario.hashes`. */
  hashesByPlaceholder(): Record<string, string> {
    return Object.fromEntries([...this.hashes].map(([hash, placeholder]) => [placeholder, hash]))
  }

  /** Text with placeholders: names, hashes, minutes, uids, times (`t+5` alone, `<t+5>` inside a text). */
  hide(text: string): string {
    let hidden = text
    const byLength = [...this.generated].sort(([a], [b]) => b.length - a.length)
    for (const [name, placeholder] of byLength) hidden = replaceWord(hidden, name, placeholder)
    for (const [hash, placeholder] of this.hashes) hidden = replaceWord(hidden, hash, placeholder)
    return this.hideTimes(
      hidden.replace(MINUTE, (_, minute: string) => `-${this.minute(Number(minute))}`).replace(UID, '<uid>'),
    )
  }

  private hideTimes(text: string): string {
    const offset = (time: string): string => {
      const seconds = Math.floor((Date.parse(time) - this.startMs()) / 1000)
      return seconds < 0 ? `t${seconds}` : `t+${seconds}`
    }
    const whole = text.match(TIME)
    if (whole?.[0] === text) return offset(text)
    return text.replace(TIME, time => `<${offset(time)}>`)
  }

  private minute(minute: number): string {
    this.firstMinute ??= minute
    return minute === this.firstMinute ? '<min>' : `<min+${minute - this.firstMinute}>`
  }

  hideIn(value: Json): Json {
    return mapTexts(value, text => this.hide(text))
  }

  /** The text of a step with real names in place of placeholders. */
  reveal(text: string): string {
    let shown = text
    for (const [name, placeholder] of this.generated) shown = shown.replaceAll(this.hide(placeholder), name)
    for (const [hash, placeholder] of this.hashes) shown = shown.replaceAll(placeholder, hash)
    return shown
  }
}

function replaceWord(text: string, word: string, placeholder: string): string {
  if (!text.includes(word)) return text
  const pattern = new RegExp(`(?<![a-z0-9])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![a-z0-9])`, 'g')
  return text.replace(pattern, () => placeholder)
}
