import { Lab } from './lab.ts'
import { expect, test } from './podscape.ts'

const load = 'while sleep 0.01; do wget -q -O- http://php-apache; done'

test('[F1] [F2] metrics-server is installed, load brings more Pods, and they go when it is over', async ({ page }) => {
  const lab = new Lab(page)
  await lab.open()
  expect(await lab.run('kubectl top nodes')).toBe('error: Metrics API not available')
  await lab.run('kubectl apply -f components.yaml && kubectl apply -f php-apache.yaml')
  await lab.run('kubectl autoscale deployment php-apache --cpu=50% --min=1 --max=10')
  expect(await lab.run('kubectl get hpa --no-headers')).toContain('cpu: <unknown>/50%')

  await lab.fastest()
  await lab.run('kubectl -n kube-system rollout status deployment metrics-server')
  await lab.run('sleep 40')
  expect(await lab.run('kubectl top nodes --no-headers')).toMatch(/^m-k8s\s+\d+m\s+\d+%\s+\d+Mi\s+\d+%$/m)
  expect(await lab.run('kubectl get hpa --no-headers')).toContain('cpu: 0%/50%')

  await lab.run(`kubectl run load-generator --image=busybox:1.28 --restart=Never -- /bin/sh -c "${load}"`)
  await lab.run('sleep 150', 120_000)
  const replicas = Number(await lab.run("kubectl get deployment php-apache -o jsonpath='{.spec.replicas}'"))
  expect(replicas).toBeGreaterThanOrEqual(5)
  expect(replicas).toBeLessThanOrEqual(9)
  await expect(lab.pods('php-apache', 'Running')).toHaveCount(replicas)

  await lab.run('kubectl delete pod load-generator --now')
  await lab.run('sleep 420', 120_000)
  await expect(lab.pods('php-apache', 'Running')).toHaveCount(1)
  expect(await lab.run('kubectl get events | grep SuccessfulRescale | tail -n 1')).toContain(
    'reason: All metrics below target',
  )
})
