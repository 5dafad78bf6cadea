import type { ShellProgram } from '../../shell/host.ts'
import { formatTime } from '../../shell/programs/moment.ts'
import { microTimestamp } from '../../machinery/time.ts'
import type { MachineView, Recorded } from './machine-view.ts'

const processId = 842

/** journalctl -u kubelet [-n LINES] [--since "5 min ago"] [-r]: what a kubelet has told of itself. */
export function journalctl(view: MachineView): ShellProgram {
  return {
    run(call) {
      const words = call.argv.slice(1)
      const valueOf = (...names: readonly string[]): string | undefined => {
        for (const [index, word] of words.entries()) {
          const name = names.find(each => word === each || word.startsWith(`${each}=`))
          if (name !== undefined) return word === name ? words[index + 1] : word.slice(name.length + 1)
          const short = names.find(each => each.length === 2 && word.startsWith(each) && word.length > 2)
          if (short !== undefined) return word.slice(2)
        }
        return undefined
      }
      const unit = valueOf('-u', '--unit')?.replace(/\.service$/, '')
      if (unit !== undefined && unit !== 'kubelet') {
        call.out('-- No entries --\n')
        return { exit: 0 }
      }
      const minutes = /^(\d+)\s*min/.exec(valueOf('--since', '-S') ?? '')?.[1]
      const hasMany = valueOf('-n', '--lines')
      let lines = kubeletLog(view, minutes === undefined ? 0 : call.host.now - Number(minutes) * 60_000)
      if (hasMany !== undefined) lines = lines.slice(-Number(hasMany))
      if (words.includes('-r')) lines = [...lines].reverse()
      call.out(lines.length === 0 ? '-- No entries --\n' : lines.map(line => `${line}\n`).join(''))
      return { exit: 0 }
    },
  }
}

/** A kubelet's log, told from what it has recorded. */
export function kubeletLog(view: MachineView, since: number): readonly string[] {
  return view.trace(`kubelet/${view.name}`, since).flatMap(entry => {
    const words = wordsFor(entry)
    if (words === undefined) return []
    const clock = microTimestamp(entry.at).slice(11, 26)
    const klog = `I${formatTime(entry.at, '%m%d')} ${clock}     ${processId} ${words}`
    return [`${formatTime(entry.at, '%b %d %H:%M:%S')} ${view.name} kubelet[${processId}]: ${klog}`]
  })
}

function wordsFor({ type, data }: Recorded): string | undefined {
  const text = (name: string): string => {
    const value: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, name) : undefined
    if (typeof value === 'object' && value !== null) {
      const [namespace, object]: unknown[] = [Reflect.get(value, 'namespace'), Reflect.get(value, 'name')]
      return typeof object === 'string' ? `${typeof namespace === 'string' ? `${namespace}/` : ''}${object}` : ''
    }
    return value === undefined ? '' : String(value)
  }
  if (type === 'cri') {
    const failure = text('error')
    const what = `"${text('call')}" pod="${text('pod')}" containerName="${text('container')}"`
    return failure === ''
      ? `kuberuntime_manager.go:1171] ${what}`
      : `kuberuntime_manager.go:1274] ${what} err="${failure}"`
  }
  if (type === 'probe') {
    const output = text('message')
    return `prober.go:120] "Probe ${text('result')}" probeType="${text('probe')}" pod="${text('pod')}" containerName="${text('container')}"${output === '' ? '' : ` output=${JSON.stringify(output)}`}`
  }
  if (type === 'event') return `event.go:389] "Event occurred" ${text('reason')} ${JSON.stringify(text('message'))}`
  return undefined
}
