import { expect, test } from './podscape.ts'
import { Lab } from './lab.ts'

const pod = `apiVersion: v1
kind: Pod
metadata: { name: hello }
spec: { containers: [{ name: web, image: nginx }] }
`

test('[A14] the birth of a Pod is a sequence diagram that can be gone through step by step', async ({ page }) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.pause()
  await lab.drop('hello.yaml', pod)
  await page.getByRole('tab', { name: 'Story' }).click()
  await lab.pods('hello').click()
  const steps = page.getByRole('list', { name: 'What happened, step by step' }).getByRole('listitem')
  await expect(steps.first()).toContainText('You → API server: Create Pod hello')
  const next = page.getByRole('button', { name: 'Next thing that happens to it' })
  const seen: number[] = []
  while (!(await page.getByText('web runs').isVisible())) {
    expect(seen.length).toBeLessThan(30)
    const before = await steps.count()
    seen.push(before)
    await next.click()
    await expect.poll(async () => steps.count()).toBeGreaterThan(before)
  }
  const text = (await steps.allTextContents()).join('\n')
  const order = [
    'Create Pod hello',
    'kube-scheduler hears',
    'Chooses w',
    'Bind Pod hello',
    'Pull the image',
    'web runs',
  ]
  const places = order.map(words => text.indexOf(words))
  expect(places).toEqual([...places].sort((a, b) => a - b))
  expect(places[0]).toBeGreaterThanOrEqual(0)

  // A step leads back to its moment: the Pod has no node there.
  await steps.first().getByRole('button').click()
  await expect(page.locator('[data-item^="pod/"][aria-label*=" hello"]')).toHaveAttribute('aria-label', /Pending/)
})
