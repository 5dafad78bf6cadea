import type { ShellProgram } from '../../shell/host.ts'
import type { MachineView } from './machine-view.ts'

/** ps of a machine: its own programs, and those of all containers on it. */
export function ps(view: MachineView): ShellProgram {
  return {
    run(call) {
      const isWide = call.argv.slice(1).some(word => /[aefx]/.test(word))
      const own: readonly (readonly [number, string])[] = [
        [1, '/sbin/init'],
        [611, '/usr/bin/containerd'],
        ...(view.kubelet() ? [[842, '/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml'] as const] : []),
      ]
      const contained = view
        .containers()
        .filter(({ state }) => state === 'running')
        .flatMap(({ processes }) => processes.map(({ pid, argv }) => [pid + 2_000, argv.join(' ')] as const))
      const shell: readonly (readonly [number, string])[] = [
        [9_001, '-bash'],
        [9_002, call.argv.join(' ')],
      ]
      const shown = isWide ? [...own, ...contained, ...shell] : shell
      call.out('    PID TTY          TIME CMD\n')
      for (const [pid, words] of shown) {
        const tty = pid > 9_000 ? 'pts/0' : '?'
        call.out(
          `${String(pid).padStart(7)} ${tty.padEnd(8)} 00:00:00 ${isWide ? words : (words.split(' ')[0] ?? '').replace(/^-|.*\//, '')}\n`,
        )
      }
      return { exit: 0 }
    },
  }
}
