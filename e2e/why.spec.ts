import { expect, test } from './podscape.ts'
import { Lab } from './lab.ts'

const app = `apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: web, image: nginx, ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: shopp }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: typo }
spec: { containers: [{ name: main, image: "nginx:no-such-tag" }] }
`

test('[J7] things that do not work say why, and a certain fix is a diff that is applied with one press', async ({
  page,
}) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.drop('shop.yaml', app)
  await expect(lab.pods('shop-', 'Running')).toHaveCount(2)

  await page.locator('[data-item^="service/"][aria-label*=" shop"]').click()
  await page.getByRole('button', { name: 'Why?', exact: true }).click()
  const answers = page.getByRole('list', { name: 'Why it is so' })
  await expect(answers).toContainText(/It selects app=shopp, but Pod “shop-\S+” has app=shop: no Pod matches\./)
  await expect(answers.getByRole('region', { name: 'What mends it' })).toContainText('app: shopp')

  await answers.getByRole('button', { name: 'Apply this change' }).click()
  await expect(answers).toContainText('It leads to 2 of the 2 Pods that it selects: those that are ready.')

  await lab.pods('shop-').first().click()
  await page.getByRole('button', { name: 'Why?', exact: true }).click()
  const verdicts = page.getByRole('region', { name: 'How the scheduler chose' })
  await expect(verdicts.getByRole('row')).toHaveCount(5)
  await expect(verdicts.getByRole('row', { name: /m-k8s/ })).toContainText('TaintToleration')

  await lab.pods('typo').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Why?' }).click()
  await expect(answers).toContainText('The image “nginx:no-such-tag” of container “main” cannot be fetched')
  await expect(answers.getByRole('region', { name: 'What says so' })).toContainText(
    'docker.io/library/nginx:no-such-tag: not found',
  )
  await page.getByRole('button', { name: '한국어' }).click()
  const reasons = page.getByRole('list', { name: '이렇게 된 이유' })
  await expect(reasons).toContainText('컨테이너 “main”의 이미지 “nginx:no-such-tag”을(를) 받을 수 없습니다.')
})
