import { describe, expect, it } from 'vitest'
import type { ContainerConfig, Mount } from '../cri/cri.ts'
import { fileSystem } from './files.ts'
import type { Image } from './image.ts'
import { newMeter } from './meter.ts'
import type { FileSystem } from './program.ts'
import { type Container, newRuntime, type RuntimeState } from './state.ts'

const image: Image = {
  repository: 'docker.io/lab/files',
  hasTag: () => true,
  sizeBytes: 1,
  programs: {},
  files: { '/etc/motd': 'hello', '/etc/app/a.conf': 'a=1' },
}

function container(mounts: readonly Mount[]): Container {
  const config: ContainerConfig = {
    ...{ name: 'main', image: 'lab/files', env: {}, mounts, attempt: 0 },
    ...{ terminationMessagePath: '/dev/termination-log', tty: false, stdin: false },
  }
  return {
    ...{
      id: 'c',
      sandboxId: 's',
      config,
      image: { name: '', imageId: '', sizeBytes: 1 },
      createdAt: 0,
      state: 'running',
    },
    ...{ processes: new Map(), overlay: new Map(), log: [], meter: newMeter(0) },
  }
}

function open(
  mounts: readonly Mount[] = [],
  state: RuntimeState = newRuntime({ machine: 'w1', addresses: [] }),
): { files: FileSystem; state: RuntimeState; changed: string[] } {
  const changed: string[] = []
  return { files: fileSystem(state, container(mounts), image, path => changed.push(path)), state, changed }
}

describe('[E3] runtime: files of a container', () => {
  it('shows the files of the image under what the container wrote', () => {
    const { files } = open()
    files.write('/etc/motd', 'changed')
    files.append('/var/log/app.log', 'one\n')
    files.append('/var/log/app.log', 'two\n')
    expect(files.read('/etc//./motd')).toBe('changed')
    expect(files.read('/var/log/../log/app.log')).toBe('one\ntwo\n')
    expect(files.list('/etc')).toEqual(['app', 'motd'])
    expect(files.list('/')).toEqual(['etc', 'var'])
    expect(files.list('/nowhere')).toBeUndefined()
  })

  it('hides a file of the image that was removed, and brings nothing back', () => {
    const { files } = open()
    expect(files.remove('/etc/motd')).toBe(true)
    expect(files.remove('/etc/motd')).toBe(false)
    expect(files.read('/etc/motd')).toBeUndefined()
    expect(files.list('/etc')).toEqual(['app'])
  })

  it('knows directories that are empty', () => {
    const { files } = open()
    files.makeDirectory('/data/empty')
    expect(files.isDirectory('/data/empty')).toBe(true)
    expect(files.isDirectory('/etc/motd')).toBe(false)
    expect(files.list('/data')).toEqual(['empty'])
  })

  it('shares a volume between containers and keeps what is below a subPath apart', () => {
    const source = { volumeId: 'uid/cache' }
    const { files, state } = open([
      { containerPath: '/cache', readOnly: false, source },
      { containerPath: '/cache/part', readOnly: false, subPath: 'only', source },
    ])
    files.write('/cache/a', '1')
    files.write('/cache/part/b', '2')
    expect([...(state.volumes.get('uid/cache') ?? [])]).toEqual([
      ['/a', '1'],
      ['/only/b', '2'],
    ])
    const other = open([{ containerPath: '/all', readOnly: true, source }], state).files
    expect(other.list('/all')).toEqual(['a', 'only'])
    other.write('/all/a', 'no')
    expect(files.read('/cache/a')).toBe('1')
  })

  it('takes for a directory of a volume what is one, and no name that is still free', () => {
    const { files } = open([{ containerPath: '/data', source: { volumeId: 'work' }, readOnly: false }])
    expect(files.isDirectory('/data')).toBe(true)
    expect(files.isDirectory('/data/index.html')).toBe(false)
    files.write('/data/pages/index.html', 'hello')
    expect(files.isDirectory('/data/pages')).toBe(true)
    expect(files.isDirectory('/data/pages/index.html')).toBe(false)
  })

  it('writes through a hostPath to the machine, which is told', () => {
    const { files, state, changed } = open([
      { containerPath: '/host/etc/cni', readOnly: false, source: { hostPath: '/etc/cni' } },
    ])
    files.write('/host/etc/cni/net.d/10-calico.conflist', '{}')
    expect(state.hostFiles.get('/etc/cni/net.d/10-calico.conflist')).toBe('{}')
    expect(changed).toEqual(['/etc/cni/net.d/10-calico.conflist'])
  })
})
