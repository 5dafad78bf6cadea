import { describe, expect, it } from 'vitest'
import { ConfigMap } from '../../api/core/configmap.ts'
import { Secret } from '../../api/core/secret.ts'
import { Service } from '../../api/core/service.ts'
import { NodeLab } from '../../testing/node-lab.ts'
import { tools } from '../../testing/node-programs.ts'

const image = 'lab/tools:1'

function lab(): NodeLab {
  const made = new NodeLab({ images: [tools] })
  made.api.create(ConfigMap, {
    metadata: { name: 'settings', namespace: 'default' },
    data: { color: 'blue', size: 'XL' },
  })
  made.api.create(Secret, { metadata: { name: 'login', namespace: 'default' }, data: { password: '7ZWc6riA' } })
  return made
}

describe('[E1] [E2] kubelet: configuration of containers', () => {
  it('gives a container its environment from values, fields, ConfigMaps and Secrets', () => {
    const { api, run, runFor, log, pod } = bound(lab())
    api.create(Service, {
      metadata: { name: 'my-db', namespace: 'default' },
      spec: { clusterIP: '10.96.7.7', ports: [{ name: 'sql', port: 5432 }] },
    })
    const env = [
      { name: 'PLAIN', value: 'one' },
      { name: 'USES', value: '$(PLAIN) $$(PLAIN) $(NOBODY) $(COLOR)' },
      { name: 'COLOR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'color' } } },
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } },
      { name: 'MISSING', valueFrom: { configMapKeyRef: { name: 'settings', key: 'nope', optional: true } } },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'requests.cpu' } } },
      { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
    ]
    const resources = { requests: { cpu: '250m' }, limits: { memory: '64Mi' } }
    const envFrom = [{ prefix: 'CFG_', configMapRef: { name: 'settings' } }]
    run('web', { containers: [{ name: 'main', image, command: ['shows'], env, envFrom, resources }] })
    runFor(5_000)

    const lines = log('web', 'main')
    expect(lines).toEqual(
      expect.arrayContaining([
        'CFG_color=blue',
        'CFG_size=XL',
        'PLAIN=one',
        // A variable knows those before it only.
        'USES=one $(PLAIN) $(NOBODY) $(COLOR)',
        'COLOR=blue',
        'PASSWORD=한글',
        'POD=web',
        `IP=${pod('web').status.podIP}`,
        'NODE=w1',
        'CPU=1',
        'MEMORY=64',
        'KUBERNETES_SERVICE_HOST=10.96.0.1',
        'KUBERNETES_SERVICE_PORT_HTTPS=443',
        'MY_DB_SERVICE_HOST=10.96.7.7',
        'MY_DB_SERVICE_PORT_SQL=5432',
        'MY_DB_PORT=tcp://10.96.7.7:5432',
        'MY_DB_PORT_5432_TCP_ADDR=10.96.7.7',
      ]),
    )
    expect(lines.filter(line => line.startsWith('MISSING'))).toEqual([])
  })

  it.each([
    ['a ConfigMap that is not there', { configMapKeyRef: { name: 'nope', key: 'a' } }, 'configmap "nope" not found'],
    [
      'a key that it does not have',
      { configMapKeyRef: { name: 'settings', key: 'a' } },
      "couldn't find key a in ConfigMap default/settings",
    ],
    ['a Secret that is not there', { secretKeyRef: { name: 'nope', key: 'a' } }, 'secret "nope" not found'],
    ['a key of a Secret', { secretKeyRef: { name: 'login', key: 'a' } }, "couldn't find key a in Secret default/login"],
  ])('does not start a container that asks for %s', (_what, valueFrom, message) => {
    const { run, runFor, pod, events } = bound(lab())
    run('web', { containers: [{ name: 'main', image, env: [{ name: 'A', valueFrom }] }] })
    runFor(5_000)
    expect(pod('web').status.containerStatuses?.[0]?.state.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message,
    })
    expect(events('web').join('\n')).toContain(`Warning Failed: Error: ${message}`)
  })

  it('starts it when the ConfigMap is made', () => {
    const { api, run, runFor, pod } = bound(lab())
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'later', key: 'a' } } }]
    run('web', { containers: [{ name: 'main', image, env }] })
    runFor(5_000)
    api.create(ConfigMap, { metadata: { name: 'later', namespace: 'default' }, data: { a: '1' } })
    runFor(16_000)
    expect(pod('web').status.phase).toBe('Running')
  })

  it('[G4] refuses a container that may not run as root but would', () => {
    const { run, runFor, pod } = bound(lab())
    const securityContext = { runAsNonRoot: true }
    run('root', { containers: [{ name: 'main', image, securityContext }] })
    run('other', { containers: [{ name: 'main', image, securityContext: { ...securityContext, runAsUser: 1000 } }] })
    runFor(5_000)
    const { uid } = pod('root').metadata
    expect(pod('root').status.containerStatuses?.[0]?.state.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: `container has runAsNonRoot and image will run as root (pod: "root_default(${uid})", container: main)`,
    })
    expect(pod('other').status.containerStatuses?.[0]?.user).toEqual({
      linux: { uid: 1000, gid: 0, supplementalGroups: [0] },
    })
  })
})

describe('[E3] kubelet: volumes', () => {
  it('shows ConfigMaps, Secrets, fields and tokens as files', () => {
    const { run, runFor, log, pod } = bound(lab())
    const volumes = [
      { name: 'settings', configMap: { name: 'settings', items: [{ key: 'color', path: 'a/color.txt' }] } },
      { name: 'info', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      { name: 'scratch', emptyDir: {} },
    ]
    const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `/mnt/${name}` }))
    const container = (name: string, path: string) => ({ name, image, command: ['shows', path], volumeMounts })
    const containers = [
      container('settings', '/mnt/settings/a/color.txt'),
      container('info', '/mnt/info/labels'),
      container('namespace', '/var/run/secrets/kubernetes.io/serviceaccount/namespace'),
      container('scratch', '/mnt/scratch/nothing'),
    ]
    run('web', { volumes, containers }, { labels: { app: 'web', tier: 'front' } })
    runFor(10_000)
    const lastLine = (name: string): string | undefined => log('web', name).at(-1)
    expect(lastLine('settings')).toBe('blue')
    expect(log('web', 'info').slice(-2)).toEqual(['app="web"', 'tier="front"'])
    expect(lastLine('namespace')).toBe('default')
    expect(lastLine('scratch')).toBe('no such file')
    expect(pod('web').status.phase).toBe('Running')
  })

  it('waits with the Pod for a ConfigMap that a volume needs', () => {
    const { api, run, runFor, pod, events } = bound(lab())
    const volumes = [{ name: 'settings', configMap: { name: 'later' } }]
    run('web', {
      volumes,
      containers: [{ name: 'main', image, volumeMounts: [{ name: 'settings', mountPath: '/s' }] }],
    })
    runFor(5_000)
    expect(events('web').map(event => event.replace(/ x\d+$/, ''))).toEqual([
      'Warning FailedMount: MountVolume.SetUp failed for volume "settings" : configmap "later" not found',
    ])
    expect(pod('web').status.containerStatuses?.[0]?.state.waiting?.reason).toBe('ContainerCreating')
    runFor(240_000)
    const timeout =
      'Unable to attach or mount volumes: unmounted volumes=[settings], unattached volumes=[], failed to process volumes=[]: context deadline exceeded'
    expect(events('web')).toContain(`Warning FailedMount: ${timeout}`)
    api.create(ConfigMap, { metadata: { name: 'later', namespace: 'default' } })
    runFor(130_000)
    expect(pod('web').status.phase).toBe('Running')
  })

  it('brings a changed ConfigMap to the files of running containers within a minute or two', () => {
    const { api, run, runFor, runtime, pod } = bound(lab())
    run('web', {
      volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
      containers: [{ name: 'main', image, volumeMounts: [{ name: 'settings', mountPath: '/s' }] }],
    })
    runFor(5_000)
    const file = (): string | undefined =>
      runtime()
        .volumes.get(`${pod('web').metadata.uid}/settings`)
        ?.get('/color')
    api.patch(ConfigMap, { metadata: { name: 'settings', namespace: 'default' } }, 'merge', { data: { color: 'red' } })
    expect(file()).toBe('blue')
    runFor(90_000)
    expect(file()).toBe('red')
  })
})

/** The lab's methods as functions. */
function bound(made: NodeLab) {
  return {
    api: made.api,
    run: made.run.bind(made),
    runFor: made.runFor.bind(made),
    log: made.log.bind(made),
    pod: made.pod.bind(made),
    events: made.events.bind(made),
    runtime: made.runtime.bind(made),
  }
}
