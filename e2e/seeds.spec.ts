import { readFileSync } from 'node:fs'
import { samples } from '../src/api/samples.ts'
import { Lab } from './lab.ts'
import { expect, test } from './podscape.ts'

/** The manifests of the seed notes as the page offers them. */
function manifest(name: string): string {
  const text = samples[`${name}.yaml`]
  if (text === undefined) throw new Error(`there is no sample ${name}`)
  return text
}

test('[A1] [B3] [D1] [D3] the manifests of the seeds run, and answer through node port and Ingress', async ({
  page,
}) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.applyByTyping(manifest('echo-hname'))
  await expect(page.getByText('deployment.apps/echo-hname created')).toBeVisible()
  await expect(lab.pods('echo-hname', 'Running')).toHaveCount(3)

  await lab.drop('nodeport.yaml', manifest('nodeport'))
  await expect(lab.item('service/default/np-svc')).toBeVisible()
  await lab.drop('ingress.yaml', manifest('ingress'))
  await expect(lab.item('ingress/default/ingress-nginx')).toBeVisible()
  await lab.drop('nginx-pod.yaml', manifest('nginx-pod'))
  await expect(lab.pods('nginx-pod', 'Running')).toHaveCount(1)

  const pods = (await lab.run('kubectl get pods -l app=nginx -o name'))
    .split('\n')
    .map(name => name.replace('pod/', ''))
  expect(pods).toHaveLength(3)
  const ask = (port: number): string => `for i in {1..20}; do curl -s 192.168.1.101:${port}; done | sort -u`
  for (const port of [30000, 30100]) {
    const answers = new Set((await lab.run(ask(port))).split('\n'))
    expect([...answers].sort()).toEqual([...pods].sort())
  }
})

test('[B3] [B7] [B10] [C6] an update gets stuck on a bad tag and is undone; Pods come back by themselves', async ({
  page,
}) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.applyByTyping(manifest('rollout-nginx'))
  await expect(lab.pods('rollout-nginx', 'Running')).toHaveCount(3)
  await lab.run(
    'kubectl set image deployment rollout-nginx nginx=nginx:1.16.0 && kubectl rollout status deployment rollout-nginx',
    60_000,
  )
  expect(await lab.run('kubectl rollout history deployment rollout-nginx')).toContain('2         <none>')

  await lab.run('kubectl set image deployment rollout-nginx nginx=nginx:1.17.23')
  await expect(lab.pods('rollout-nginx', 'ImagePull')).toHaveCount(1)
  await expect(lab.pods('rollout-nginx', 'Running')).toHaveCount(3)
  expect(await lab.run('kubectl get deployment rollout-nginx --no-headers')).toMatch(/rollout-nginx\s+3\/3\s+1\s+3/)
  const events = (await lab.run('kubectl get events | grep Failed | grep pull | tail -n 1')).replaceAll('\n', '')
  expect(events).toContain('Failed to pull image "nginx:1.17.23": rpc error: code = NotFound')
  expect(events).toContain('docker.io/library/nginx:1.17.23: not found')
  await lab.run('kubectl rollout undo deployment rollout-nginx')
  await expect(lab.pods('rollout-nginx')).toHaveCount(3)
  expect(
    await lab.run("kubectl get deployment rollout-nginx -o jsonpath='{.spec.template.spec.containers[0].image}'"),
  ).toContain('nginx:1.16.0')

  const before = await lab.run('kubectl get pods -l app=rollout -o name')
  const [victim = ''] = before.split('\n')
  await lab.run(`kubectl delete ${victim}`)
  await expect(lab.pods('rollout-nginx', 'Running')).toHaveCount(3)
  expect(await lab.run('kubectl get pods -l app=rollout -o name')).not.toContain(victim)

  const node = (await lab.run("kubectl get pods -l app=rollout -o jsonpath='{.items[0].spec.nodeName}'")).trim()
  await lab.item(`machine/${node}`).click({ button: 'right', position: { x: 20, y: 12 } })
  await page.getByRole('menuitem', { name: 'Switch the machine off' }).click()
  await lab.fastest()
  await expect(lab.item(`machine/${node}`)).toHaveAttribute('aria-label', /Off|NotReady/)
  await expect(lab.pods('rollout-nginx', 'Terminating').first()).toBeVisible({ timeout: 120_000 })
  await lab.normalSpeed()
  await expect(lab.pods('rollout-nginx', 'Running')).toHaveCount(3)
  const columns = 'ENDS:.metadata.deletionTimestamp,NODE:.spec.nodeName'
  const placed = await lab.run(`kubectl get pods -l app=rollout --no-headers -o custom-columns=${columns} | grep none`)
  expect(placed.split('\n')).toHaveLength(3)
  expect(placed).not.toContain(node)
})

test('[B3] an update of ten replicas goes through the sizes that were recorded of a real cluster', async ({ page }) => {
  const lab = new Lab(page)
  await lab.open()
  const recorded = new URL(
    '../src/testing/golden/behaviour/scenarios/rolling-surge1-unavailable0-replicas10/',
    import.meta.url,
  )
  const text = readFileSync(new URL('web.yaml', recorded), 'utf8')
  await lab.drop('web.yaml', text.replace('registry.example/web:1', 'nginx:1.15.12'))
  await expect(lab.pods('web', 'Running')).toHaveCount(10)
  await lab.run(
    '(kubectl get rs -l app=web -w --no-headers -o custom-columns=NAME:.metadata.name,SIZE:.spec.replicas > sizes.txt &)',
  )
  await lab.run(
    'kubectl set image deployment web app=nginx:1.16.0 && kubectl rollout status deployment web | tail -n 1',
  )
  const [old = ''] = (await lab.run('head -n 1 sizes.txt')).split(' ')
  const sizes = async (option: string): Promise<number[]> => {
    const printed = await lab.run(`grep ${option} ${old} sizes.txt | uniq | tr -s ' ' | cut -d ' ' -f 2 | tr '\\n' ' '`)
    return printed.trim().split(' ').map(Number)
  }
  const { objects } = JSON.parse(readFileSync(new URL('expect.json', recorded), 'utf8')) as {
    objects: Record<string, { stable: Record<string, number[]> }>
  }
  const recordedSizes = (replicaSet: string): number[] | undefined => objects[replicaSet]?.stable['spec.replicas']
  expect(await sizes('-e')).toEqual(recordedSizes('ReplicaSet/web-<hash1>'))
  expect(await sizes('-v')).toEqual(recordedSizes('ReplicaSet/web-<hash2>'))
})
