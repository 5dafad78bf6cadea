import { describe, expect, it } from 'vitest'
import { Job } from '../../api/batch/job.ts'
import { ConfigMap } from '../../api/core/configmap.ts'
import { Pod } from '../../api/core/pod.ts'
import { Service } from '../../api/core/service.ts'
import { controllers } from '../../control-plane/controllers/index.ts'
import { controlPlane } from '../../testing/control-plane.ts'
import { configMapDrawing } from './config.ts'
import { podDrawing } from './pod.ts'
import { serviceDrawing } from './service.ts'
import { jobDrawing } from './workload.ts'

const containers = [{ name: 'app', image: 'nginx' }]

describe('[J1] what an object adds to the picture', () => {
  it('is a line from a Pod to each thing that it mounts or reads, once, and none for what every Pod has', () => {
    const cluster = controlPlane({})
    const pod = cluster.api.create(Pod, {
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        containers: [
          {
            name: 'app',
            image: 'nginx',
            envFrom: [{ configMapRef: { name: 'settings' } }],
            env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } }],
          },
        ],
        volumes: [
          { name: 'a', configMap: { name: 'settings' } },
          { name: 'b', persistentVolumeClaim: { claimName: 'data' } },
          { name: 'c', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } },
        ],
      },
    })
    const mounts = podDrawing.draw(pod, 1).relations.filter(({ type }) => type === 'mounts')
    expect(mounts.map(({ to }) => to)).toEqual([
      'config/configmaps/default/settings',
      'volume/default/data',
      'config/secrets/default/login',
    ])
  })

  it('is keys and never values, and nothing for the certificate that is in every namespace', () => {
    const cluster = controlPlane({})
    const map = cluster.api.create(ConfigMap, { metadata: { name: 'm', namespace: 'default' }, data: { key: 'value' } })
    const drawn = configMapDrawing.draw(map, 1)
    expect(drawn.items[0]?.facts).toEqual({ keys: 'key' })
    expect(JSON.stringify(drawn)).not.toContain('value')
    const root = { ...map, metadata: { ...map.metadata, name: 'kube-root-ca.crt' } }
    expect(configMapDrawing.draw(root, 1).items).toEqual([])
  })

  it('is a way in from outside for a Service that has one', () => {
    const cluster = controlPlane({})
    const exposed = (type: 'ClusterIP' | 'NodePort') => {
      const metadata = { name: type.toLowerCase(), namespace: 'default' }
      const service = cluster.api.create(Service, { metadata, spec: { type, ports: [{ port: 80 }] } })
      return serviceDrawing.draw(service, 1).relations.map(({ id }) => id)
    }
    expect(exposed('ClusterIP')).toEqual([])
    expect(exposed('NodePort')).toEqual(['exposes:outside>service/default/nodeport'])
  })

  it('is a Job under the word that kubectl prints', () => {
    const cluster = controlPlane({ controllers })
    const template = { spec: { containers, restartPolicy: 'Never' as const } }
    cluster.api.create(Job, { metadata: { name: 'once', namespace: 'default' }, spec: { template } })
    cluster.runFor(2_000)
    const [item] = jobDrawing.draw(cluster.api.get(Job, 'once', 'default'), 1).items
    expect(item).toMatchObject({ status: 'Running', tone: 'busy', facts: { ready: '0/1' } })
  })
})
