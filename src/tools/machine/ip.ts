import type { ShellProgram } from '../../shell/host.ts'
import type { MachineView } from './machine-view.ts'

/** ip addr, ip route and ip link of a machine with one card, a tunnel, and a pair of interfaces for each Pod. */
export function ip(view: MachineView): ShellProgram {
  return {
    run(call) {
      const words = call.argv.slice(1).filter(word => !word.startsWith('-'))
      const [what = ''] = words
      if (/^a(d(d(r(ess?)?)?)?)?$/.test(what)) call.out(addresses(view))
      else if (/^r(o(u(te?)?)?)?$/.test(what)) call.out(routes(view))
      else if (/^l(i(nk?)?)?$/.test(what)) call.out(addresses(view).replace(/^ {4}inet.*\n( {7}valid.*\n)?/gm, ''))
      else {
        call.err('Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\nwhere  OBJECT := { address | link | route }\n')
        return { exit: 255 }
      }
      return { exit: 0 }
    },
  }
}

function addresses(view: MachineView): string {
  const pods = view.sandboxes().filter(({ ready, addresses: own }) => ready && own[0] !== view.address)
  return [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n',
    '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n',
    '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000\n',
    `    link/ether ${hardware(view.address)} brd ff:ff:ff:ff:ff:ff\n    inet ${view.address}/24 brd ${view.address.replace(/\d+$/, '255')} scope global eth0\n`,
    ...pods.map(({ id }, index) => {
      const name = `cali${id.slice(0, 11)}@if2`
      return `${index + 3}: ${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1480 qdisc noqueue state UP group default qlen 1000\n    link/ether ee:ee:ee:ee:ee:ee brd ff:ff:ff:ff:ff:ff link-netns cni-${id.slice(0, 8)}\n`
    }),
  ].join('')
}

function hardware(address: string): string {
  return ['52', '54', ...address.split('.').map(part => Number(part).toString(16).padStart(2, '0'))].join(':')
}

function routes(view: MachineView): string {
  const network = `${view.address.replace(/\d+$/, '0')}/24`
  const pods = view.sandboxes().filter(({ ready, addresses: own }) => ready && own[0] !== view.address)
  const others = view.routes().map(({ cidr, via }) => `${cidr} via ${via} dev eth0 proto bird\n`)
  return [
    `default via ${view.address.replace(/\d+$/, '1')} dev eth0 proto static\n`,
    ...others,
    ...pods.map(({ id, addresses: [address = ''] }) => `${address} dev cali${id.slice(0, 11)} scope link\n`),
    `${network} dev eth0 proto kernel scope link src ${view.address}\n`,
  ].join('')
}
