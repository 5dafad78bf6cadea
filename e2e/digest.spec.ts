import { readLink } from '../src/protocol/link.ts'
import { Session } from '../src/session/session.ts'
import { Lab } from './lab.ts'
import { expect, test } from './podscape.ts'

test.describe.configure({ timeout: 120_000 })

test('[J4] the log of a session gives the same digest in Chromium and in Node', async ({ page }) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.run('kubectl create deployment web --image=nginx --replicas=4')
  await expect(lab.pods('web', 'Running')).toHaveCount(4, { timeout: 30_000 })
  await lab.run('kubectl expose deployment web --port=80 --type=NodePort')
  await lab.run('kubectl delete pod -l app=web --wait=false')
  await expect(lab.pods('web', 'Running')).toHaveCount(4, { timeout: 60_000 })
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Share' }).click()
  const link = await page.getByRole('textbox', { name: 'Share this cluster' }).inputValue()
  const digest = await page.locator('[data-digest]').innerText()

  const reading = readLink(link.slice(link.indexOf('#s=') + 3))
  if (!reading.ok) throw new Error('the page made a link that it cannot read')
  const session = new Session(reading.record)
  session.advance(reading.record.at)
  expect(session.digest()).toBe(digest)
})
