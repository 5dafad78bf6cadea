// Makes the README's pictures in e2e/gallery: three moments of a lab, light and dark, in English and Korean; then a message
// that was pressed on its way, and a cluster of a hundred machines, in one look each.
import './lib/require-node.mjs'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfStale } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { root } from './lib/run.mjs'

const folder = join(root, 'e2e/gallery')
const machines = ['m-k8s', 'w1-k8s', 'w2-k8s', 'w3-k8s']
const lookTime = 500
const rollout = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: rollout-nginx
spec:
  replicas: 6
  selector:
    matchLabels:
      app: rollout
  template:
    metadata:
      labels:
        app: rollout
    spec:
      containers:
        - name: nginx
          image: nginx:1.15.12
`

await ensureInstalled()
if ((await buildIfStale()) !== 0) process.exit(1)
mkdirSync(folder, { recursive: true })
const { withServedPage } = await import('./lib/served-page.mjs')
const wanted = process.argv[2] ?? ''
for (const theme of ['light', 'dark']) {
  for (const language of ['en', 'ko']) {
    if (!`${theme}-${language}`.includes(wanted)) continue
    await withServedPage(served => picture({ ...served, theme, language }), { deviceScaleFactor: 1 })
    if ((theme === 'light') !== (language === 'en')) continue
    await withServedPage(served => message({ ...served, theme, language }), { deviceScaleFactor: 1 })
    await withServedPage(served => hundred({ ...served, theme, language }), { deviceScaleFactor: 1 })
  }
}

/** Opens the page in its looks and waits for the lab. Returns it with a function that saves a picture. */
async function open({ context, url, theme, language }) {
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  await page.addInitScript(
    state => {
      if (!localStorage.getItem('podscape')) localStorage.setItem('podscape', JSON.stringify({ state, version: 1 }))
    },
    { theme, language, hintSeen: true },
  )
  const save = async name => {
    await page.mouse.move(720, 300)
    await page.screenshot({ path: join(folder, `${name}-${theme}-${language}.jpg`), type: 'jpeg', quality: 80 })
  }
  await page.goto(url)
  for (const name of machines) await page.locator(`[data-item="machine/${name}"][aria-label*="Ready"]`).waitFor()
  await page.locator('.monaco-editor .view-line').first().waitFor()
  await page.waitForTimeout(lookTime)
  return { page, save }
}

/** One lab is brought from one moment to the next. */
async function picture(served) {
  const { page, save } = await open(served)
  await save('lab')

  await command(page, 'kubectl get nodes -o wide')
  await drop(page, 'rollout.yaml', rollout)
  await running(page, 6)
  await command(page, 'kubectl expose deployment rollout-nginx --port=80 --type=NodePort')
  await command(page, 'clear') // By itself, or it would take the line after it away as well.
  await command(page, 'kubectl rollout history deployment rollout-nginx')
  await page.waitForTimeout(lookTime)
  await sendRequests(page)
  await showTerminal(page)
  await command(page, 'clear')
  await command(page, 'kubectl set image deployment rollout-nginx nginx=nginx:1.16.0', 0)
  const fresh = '[data-item^="pod/"]:is([aria-label*="Creating"], [aria-label*="Pulling"], [aria-label*="Terminating"])'
  await page.locator(fresh).nth(1).waitFor()
  await save('update')

  await page.waitForTimeout(15_000)
  await page
    .locator('[role="tab"]')
    .filter({ hasText: /Terminal|터미널/ })
    .click()
  await page.locator('[data-item="machine/w2-k8s"]').click({ button: 'right', position: { x: 20, y: 12 } })
  await page
    .getByRole('menuitem')
    .filter({ hasText: /Switch the machine off|끄기/ })
    .click()
  await page.getByRole('slider').first().focus()
  await page.keyboard.press('End')
  await page.locator('[data-item^="pod/"][aria-label*="Terminating"]').first().waitFor({ timeout: 120_000 })
  await page.keyboard.press('Home')
  await page.locator('[class*="factor"]').click()
  await command(page, 'kubectl get nodes')
  await page.waitForTimeout(2_000)
  await save('node-off')
}

/** Time stands still, and the first of the messages that make a Pod is looked at. */
async function message(served) {
  const { page, save } = await open(served)
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: /^(Play|재생)$/ }).waitFor()
  await drop(
    page,
    'web.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}',
  )
  await page.getByRole('button', { name: 'create pods/web' }).click()
  await page.getByRole('article').getByRole('listitem').first().waitFor()
  await page.waitForTimeout(lookTime)
  await save('message')
}

/** A hundred machines with a thousand Pods. */
async function hundred(served) {
  const { page, save } = await open(served)
  await page.getByRole('button', { name: /m-k8s/ }).first().click()
  await page.locator('form input[type="number"]').fill('100')
  await page.locator('form button[type="submit"]').click()
  await page.locator('[data-item="machine/w100-k8s"][aria-label*="Ready"]').waitFor({ timeout: 240_000 })
  await drop(page, 'large.yaml', rollout.replace('replicas: 6', 'replicas: 1000').replaceAll('rollout', 'web'))
  await page.getByText('1000/1000').first().waitFor({ timeout: 240_000 })
  await page.keyboard.press('f')
  await page.waitForTimeout(2_000)
  await save('hundred')
}

async function showTerminal(page) {
  await page
    .locator('[role="tab"]')
    .filter({ hasText: /Terminal|터미널/ })
    .click()
}

async function command(page, line, waitMs = 1_500) {
  await page.locator('.xterm').first().click()
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
  await page.waitForTimeout(waitMs)
}

async function sendRequests(page) {
  const service = await page.locator('[data-item="service/default/rollout-nginx"]').innerText()
  const port = /80:(\d+)/.exec(service)?.[1]
  await page.keyboard.press('Escape')
  await page
    .locator('[role="tab"][id*="requests"], [role="tab"]')
    .filter({ hasText: /Requests|요청/ })
    .click()
  await page.locator('input[name="url"]').fill(`http://192.168.1.101:${port}/`)
  await page.locator('input[name="count"]').fill('600')
  await page.locator('input[name="interval"]').fill('60')
  await page.locator('form button[type="submit"]').click()
}

async function running(page, count) {
  const pods = '[data-item^="pod/"][aria-label*=" rollout-nginx"][aria-label*="Running"]'
  await page.waitForFunction(([css, n]) => document.querySelectorAll(css).length === n, [pods, count])
}

async function drop(page, name, text) {
  const transfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer()
      data.items.add(new File([content], fileName, { type: 'application/yaml' }))
      return data
    },
    [name, text],
  )
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.locator('.react-flow').dispatchEvent(type, { dataTransfer: transfer })
  }
}
