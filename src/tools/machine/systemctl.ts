import type { ProgramCall, ShellProgram } from '../../shell/host.ts'
import { formatTime } from '../../shell/programs/moment.ts'
import { kubeletLog } from './journalctl.ts'
import type { MachineView } from './machine-view.ts'

interface Unit {
  readonly description: string
  readonly dropIn?: string
  readonly commandLine: string
}

const units: Readonly<Record<string, Unit>> = {
  kubelet: {
    description: 'kubelet: The Kubernetes Node Agent',
    dropIn: '10-kubeadm.conf',
    commandLine:
      '/usr/bin/kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf --config=/var/lib/kubelet/config.yaml',
  },
  containerd: { description: 'containerd container runtime', commandLine: '/usr/bin/containerd' },
}

/** systemctl: status, start, stop, restart, is-active, enable and daemon-reload of kubelet and containerd. */
export function systemctl(view: MachineView): ShellProgram {
  return {
    run(call) {
      const words = call.argv.slice(1).filter(word => !word.startsWith('-'))
      const [action = 'list-units', ...names] = words
      if (action === 'daemon-reload' || action === 'enable' || action === 'disable') return { exit: 0 }
      if (action === 'list-units') {
        for (const [name, { description }] of Object.entries(units)) {
          call.out(
            `  ${`${name}.service`.padEnd(22)}loaded ${isActive(view, name) ? 'active running' : 'inactive dead '} ${description}\n`,
          )
        }
        return { exit: 0 }
      }
      if (names.length === 0) {
        call.err('Too few arguments.\n')
        return { exit: 1 }
      }
      return { exit: Math.max(...names.map(name => act(view, call, action, name.replace(/\.service$/, '')))) }
    },
  }
}

function isActive(view: MachineView, name: string): boolean {
  return name === 'kubelet' ? view.kubelet() !== undefined : true
}

function act(view: MachineView, call: ProgramCall, action: string, name: string): number {
  const unit = Object.hasOwn(units, name) ? units[name] : undefined
  if (!unit) {
    if (action === 'status') call.err(`Unit ${name}.service could not be found.\n`)
    else call.err(`Failed to ${action} ${name}.service: Unit ${name}.service not found.\n`)
    return action === 'status' ? 4 : 5
  }
  switch (action) {
    case 'status':
      return status(view, call, name, unit)
    case 'is-active':
      call.out(isActive(view, name) ? 'active\n' : 'inactive\n')
      return isActive(view, name) ? 0 : 3
    case 'is-enabled':
      call.out('enabled\n')
      return 0
    case 'start':
    case 'stop':
    case 'restart':
      if (name !== 'kubelet') return notSimulated(call, action, name)
      if (action !== 'start') view.setKubelet(false)
      if (action !== 'stop') view.setKubelet(true)
      return 0
    default:
      call.err(`Unknown command verb '${action}'.\n`)
      return 1
  }
}

function notSimulated(call: ProgramCall, action: string, name: string): number {
  call.err(`systemctl: to ${action} ${name} is not simulated\n`)
  return 1
}

function status(view: MachineView, call: ProgramCall, name: string, unit: Unit): number {
  const { now } = call.host
  const since = name === 'kubelet' ? view.kubelet()?.startedAt : 0
  const isUp = isActive(view, name)
  const path = `/usr/lib/systemd/system/${name}.service`
  call.out(`${isUp ? '●' : '○'} ${name}.service - ${unit.description}\n`)
  call.out(`     Loaded: loaded (${path}; enabled; preset: enabled)\n`)
  if (unit.dropIn) call.out(`    Drop-In: /usr/lib/systemd/system/${name}.service.d\n             └─${unit.dropIn}\n`)
  if (!isUp) {
    call.out('     Active: inactive (dead)\n')
    return 3
  }
  const start = since ? ` since ${formatTime(since, '%a %Y-%m-%d %H:%M:%S UTC')}; ${span(now - since)} ago` : ''
  call.out(`     Active: active (running)${start}\n   Main PID: ${name === 'kubelet' ? 842 : 611} (${name})\n`)
  call.out(
    `     CGroup: /system.slice/${name}.service\n             └─${name === 'kubelet' ? 842 : 611} ${unit.commandLine}\n`,
  )
  if (name !== 'kubelet') return 0
  const lines = kubeletLog(view, 0).slice(-10)
  if (lines.length > 0) call.out(`\n${lines.map(line => `${line}\n`).join('')}`)
  return 0
}

/** `3min 12s`, as systemd counts. */
function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)]
  if (hours > 0) return `${hours}h ${minutes}min`
  return minutes > 0 ? `${minutes}min ${seconds % 60}s` : `${seconds}s`
}
