import { writeLink } from '../src/protocol/link.ts'
import type { SessionRecord } from '../src/protocol/messages.ts'
import { Lab, recordOf } from './lab.ts'
import { expect, test } from './podscape.ts'

const differs = 'does not repeat the link exactly'

test('[J4] [J6] time goes back and on again, and a link opens in another browser to the same state', async ({
  page,
  browser,
}) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.run('kubectl create deployment web --image=nginx --replicas=3')
  await expect(lab.pods('web', 'Running')).toHaveCount(3)
  await page.getByRole('button', { name: 'Back to the start' }).click()
  await expect(lab.pods('web')).toHaveCount(0)
  await page.getByRole('slider', { name: 'Moment of the cluster' }).focus()
  await page.keyboard.press('End')
  await expect(lab.pods('web', 'Running')).toHaveCount(3)

  const { link, digest } = await lab.share()
  expect(link.length).toBeLessThan(2_000)
  const honest = await browser.newContext()
  const second = await honest.newPage()
  await second.goto(link)
  const other = new Lab(second)
  await expect.poll(() => other.now()).toBeGreaterThanOrEqual(Math.floor(recordOf(link).at))
  await expect(other.pods('web', 'Running')).toHaveCount(3)
  expect(recordOf((await other.share()).link).inputs).toEqual(recordOf(link).inputs)
  await expect(second.getByText(differs)).toHaveCount(0)
  await honest.close()

  // The page compares digests by itself: the same link with another digest is found out.
  const forged = { ...recordOf(link), digest: digest.startsWith('0') ? `1${digest.slice(1)}` : `0${digest.slice(1)}` }
  const doubted = await browser.newContext()
  const third = await doubted.newPage()
  await third.goto(`${link.slice(0, link.indexOf('#s='))}#s=${writeLink(forged)}`)
  await expect(third.getByText(differs)).toBeVisible({ timeout: 60_000 })
  await doubted.close()
})

test('[J4] a link that is damaged, too large or newer is refused in words, and the page stays as it is', async ({
  page,
}) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.run('kubectl create configmap mine --from-literal=a=b')
  const { link } = await lab.share()
  const text = link.slice(link.indexOf('#s=') + 3)
  const record = recordOf(link)
  const bomb: SessionRecord = {
    ...record,
    inputs: Array.from({ length: 5 }, () => ({ at: record.at, input: { type: 'apply', yaml: ' '.repeat(1.9e6) } })),
  }
  for (const [fragment, words] of [
    [text.slice(0, -20), 'link is damaged'],
    ['1.not-base64url!!', 'link is damaged'],
    [text.replace('1.', '999.'), 'made by a newer version (999 > 1)'],
    [writeLink(bomb), 'link holds more than 8 MB'],
  ] as const) {
    await page.evaluate(hash => {
      window.location.hash = hash
    }, `s=${fragment}`)
    await expect(page.getByText(words).last()).toBeVisible()
  }
  await expect(page.getByText('The cluster on this page was left as it was.').first()).toBeVisible()
  await lab.play()
  expect(await lab.run('kubectl get configmap mine -o name')).toBe('configmap/mine')
})

test('[J6] a session survives a reload', async ({ page }) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.run('kubectl create deployment kept --image=nginx --replicas=2')
  await expect(lab.pods('kept', 'Running')).toHaveCount(2)
  const before = await lab.run('kubectl get pods -o name')
  await page.reload()
  await expect(lab.pods('kept', 'Running')).toHaveCount(2)
  expect(await lab.run('kubectl get pods -o name')).toBe(before)
})

test('[J4] a session is copied as YAML and as commands, and shown as a QR code', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const lab = new Lab(page)
  await lab.open()
  await lab.drop('one.yaml', 'apiVersion: v1\nkind: Service\nmetadata: {name: one}\nspec: {ports: [{port: 80}]}\n')
  await expect(lab.item('service/default/one')).toBeVisible()
  await page.getByRole('button', { name: 'Share' }).click()
  const copyAs = async (form: string) => {
    await page.getByRole('button', { name: /Copy as|Copied:/ }).click()
    await page.getByRole('menuitem', { name: form }).click()
    await expect(page.getByRole('button', { name: `Copied: ${form}` })).toBeVisible()
    return page.evaluate(() => navigator.clipboard.readText())
  }
  expect(await copyAs('YAML bundle')).toMatch(/^apiVersion: v1\nkind: Service\n/)
  expect(await copyAs('kubectl script')).toContain("kubectl apply -f - <<'EOF'\napiVersion: v1\nkind: Service\n")
  const link = await page.getByRole('textbox', { name: 'Share this cluster' }).inputValue()
  expect(await copyAs('Markdown')).toContain(`(${link})`)
  await page.getByRole('button', { name: 'QR code' }).click()
  await expect(page.getByRole('img', { name: 'QR code' })).toBeVisible()
})
