import { Session } from '../src/session/session.ts'
import { Lab, recordOf } from './lab.ts'
import { expect, test } from './podscape.ts'

test('[J4] the log of a session gives the same digest in Chromium and in Node', async ({ page }) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.run('kubectl create deployment web --image=nginx --replicas=4')
  await expect(lab.pods('web', 'Running')).toHaveCount(4)
  await lab.run('kubectl expose deployment web --port=80 --type=NodePort')
  await lab.run('kubectl delete pod -l app=web --wait=false')
  await expect(lab.pods('web', 'Running')).toHaveCount(4)
  const { link, digest } = await lab.share()
  const record = recordOf(link)
  const session = new Session(record)
  session.advance(record.at)
  expect(session.digest()).toBe(digest)
})
