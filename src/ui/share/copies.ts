import type { Input, LoggedInput, SessionRecord } from '../../protocol/messages.ts'
import { clockText } from '../actions.ts'

/** The forms that a session can be copied in, in the order of the menu. */
export const copyForms = ['link', 'iframe', 'markdown', 'bundle', 'script'] as const

export type CopyForm = (typeof copyForms)[number]

export interface Shared {
  readonly record: SessionRecord
  readonly link: string
}

/** A session in one form, or an empty text where there is nothing to say in it. */
export function copyOf(form: CopyForm, { record, link }: Shared): string {
  if (form === 'link') return link
  if (form === 'markdown') return `[Podscape, ${clockText(record.at).slice(0, 8)}](${link})`
  if (form === 'iframe') {
    return `<iframe src="${escaped(link)}" title="Podscape" width="100%" height="640" style="border:0"></iframe>`
  }
  return form === 'bundle' ? bundleOf(record) : scriptOf(record)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

/** Every manifest that was applied, in its order; one that was applied again stands where it was last. */
function bundleOf({ inputs }: SessionRecord): string {
  const texts = inputs.flatMap(({ input }) =>
    input.type === 'apply' && input.dryRun !== true ? [tidy(input.yaml)] : [],
  )
  return texts.filter((text, index) => texts.lastIndexOf(text) === index).join('---\n')
}

/** Without the separators at its ends, and with one end of line. */
function tidy(yaml: string): string {
  return `${yaml
    .replace(/^\s*---\s*\n/, '')
    .replace(/\n---\s*$/, '')
    .trimEnd()}\n`
}

/** What was done, as a shell would do it. What only a playground can do is a comment. */
function scriptOf({ inputs }: SessionRecord): string {
  const steps = inputs.flatMap(stepOf)
  return steps.length === 0 ? '' : ['#!/bin/bash', ...steps, ''].join('\n')
}

function stepOf({ at, input }: LoggedInput): readonly string[] {
  const command = commandOf(input)
  return command === undefined ? [] : [`\n# ${clockText(at).slice(0, 8)}`, command]
}

function commandOf(input: Input): string | undefined {
  if (input.type === 'shell') return input.line
  if (input.type === 'apply') return input.dryRun === true ? undefined : applied(tidy(input.yaml))
  if (input.type === 'delete') {
    const where = input.namespace === undefined ? '' : ` -n ${input.namespace}`
    return `kubectl delete ${input.resource} ${input.name}${where}`
  }
  if (input.type === 'request') return `for i in {1..${input.count}}; do curl -s '${input.url}'; done # ${input.from}`
  if (input.type === 'fault') return `# ${input.fault.what} ${input.fault.target}`
  return undefined
}

function applied(yaml: string): string {
  let end = 'EOF'
  while (yaml.includes(`${end}\n`)) end += '_'
  return `kubectl apply -f - <<'${end}'\n${yaml}${end}`
}
