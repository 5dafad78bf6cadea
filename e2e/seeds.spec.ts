import { readFileSync } from 'node:fs'
import { Lab } from './lab.ts'
import { expect, test } from './podscape.ts'

/** The manifests of the seed notes as the page offers them. */
function manifest(name: string): string {
  return readFileSync(new URL(`../src/ui/editor/samples/${name}.yaml`, import.meta.url), 'utf8')
}

test.describe.configure({ timeout: 180_000 })

test('[A1] [B3] [D1] [D3] the manifests of the seeds run, and answer through node port and Ingress', async ({
  page,
}) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.applyByTyping(manifest('echo-hname'))
  await expect(page.getByText('deployment.apps/echo-hname created')).toBeVisible()
  await expect(lab.pods('echo-hname', 'Running')).toHaveCount(3, { timeout: 30_000 })

  await lab.drop('nodeport.yaml', manifest('nodeport'))
  await expect(lab.item('service/default/np-svc')).toBeVisible()
  await lab.drop('ingress.yaml', manifest('ingress'))
  await expect(lab.item('ingress/default/ingress-nginx')).toBeVisible()
  await lab.drop('nginx-pod.yaml', manifest('nginx-pod'))
  await expect(lab.pods('nginx-pod', 'Running')).toHaveCount(1, { timeout: 30_000 })

  const pods = (await lab.run('kubectl get pods -l app=nginx -o name'))
    .split('\n')
    .map(name => name.replace('pod/', ''))
  expect(pods).toHaveLength(3)
  const ask = (port: number): string => `for i in {1..20}; do curl -s 192.168.1.101:${port}; done | sort -u`
  for (const port of [30000, 30100]) {
    const answers = new Set((await lab.run(ask(port), 40_000)).split('\n'))
    expect([...answers].sort()).toEqual([...pods].sort())
  }
})

test('[B3] [B7] [B10] [C6] an update gets stuck on a bad tag and is undone; Pods come back by themselves', async ({
  page,
}) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.applyByTyping(manifest('rollout'))
  await expect(lab.pods('rollout-nginx', 'Running')).toHaveCount(3, { timeout: 30_000 })
  await lab.run(
    'kubectl set image deployment rollout-nginx nginx=nginx:1.16.0 && kubectl rollout status deployment rollout-nginx',
    60_000,
  )
  expect(await lab.run('kubectl rollout history deployment rollout-nginx')).toContain('2         <none>')

  await lab.run('kubectl set image deployment rollout-nginx nginx=nginx:1.17.23')
  await expect(lab.pods('rollout-nginx', 'ImagePull')).toHaveCount(1, { timeout: 30_000 })
  await expect(lab.pods('rollout-nginx', 'Running')).toHaveCount(3)
  expect(await lab.run('kubectl get deployment rollout-nginx --no-headers')).toMatch(/rollout-nginx\s+3\/3\s+1\s+3/)
  const events = (await lab.run('kubectl get events | grep Failed | grep pull | tail -n 1')).replaceAll('\n', '')
  expect(events).toContain('Failed to pull image "nginx:1.17.23": rpc error: code = NotFound')
  expect(events).toContain('docker.io/library/nginx:1.17.23: not found')
  await lab.run('kubectl rollout undo deployment rollout-nginx')
  await expect(lab.pods('rollout-nginx')).toHaveCount(3, { timeout: 30_000 })
  expect(
    await lab.run("kubectl get deployment rollout-nginx -o jsonpath='{.spec.template.spec.containers[0].image}'"),
  ).toContain('nginx:1.16.0')

  const before = await lab.run('kubectl get pods -l app=rollout -o name')
  const [victim = ''] = before.split('\n')
  await lab.run(`kubectl delete ${victim}`, 60_000)
  await expect(lab.pods('rollout-nginx', 'Running')).toHaveCount(3, { timeout: 40_000 })
  expect(await lab.run('kubectl get pods -l app=rollout -o name')).not.toContain(victim)

  const node = (await lab.run("kubectl get pods -l app=rollout -o jsonpath='{.items[0].spec.nodeName}'")).trim()
  await lab.item(`machine/${node}`).click({ button: 'right', position: { x: 20, y: 12 } })
  await page.getByRole('menuitem', { name: 'Switch the machine off' }).click()
  await lab.fastest()
  await expect(lab.item(`machine/${node}`)).toHaveAttribute('aria-label', /Off|NotReady/, { timeout: 60_000 })
  await expect(lab.pods('rollout-nginx', 'Terminating').first()).toBeVisible({ timeout: 120_000 })
  await lab.normalSpeed()
  const columns = 'ENDS:.metadata.deletionTimestamp,NODE:.spec.nodeName'
  const placed = await lab.run(`kubectl get pods -l app=rollout --no-headers -o custom-columns=${columns} | grep none`)
  expect(placed.split('\n')).toHaveLength(3)
  expect(placed).not.toContain(node)
})
