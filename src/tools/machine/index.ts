import type { ShellProgram } from '../../shell/host.ts'
import { crictl } from './crictl.ts'
import { etcdctl } from './etcdctl.ts'
import { ip } from './ip.ts'
import { iptables, iptablesSave, ipvsadm } from './iptables.ts'
import { journalctl } from './journalctl.ts'
import type { MachineView } from './machine-view.ts'
import { ps } from './ps.ts'
import { systemctl } from './systemctl.ts'

/** Programs that a machine has besides those of every shell. */
export function machinePrograms(view: MachineView): Readonly<Record<string, ShellProgram>> {
  const { role } = view
  if (role === 'workstation') return { ip: ip(view), ps: ps(view) }
  return {
    ...{ crictl: crictl(view), systemctl: systemctl(view), journalctl: journalctl(view), ps: ps(view), ip: ip(view) },
    ...{ iptables: iptables(view), 'iptables-save': iptablesSave(view), ipvsadm: ipvsadm(view) },
    ...(role === 'master' && { etcdctl: etcdctl(view) }),
  }
}
