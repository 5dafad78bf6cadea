import { Lab } from './lab.ts'
import { expect, test } from './podscape.ts'

const head = ['apiVersion: v1', 'kind: Pod', 'metadata:', '  name: staged', '  annotations:']

test('[B11] [J2] annotations that stage a Pod are completed, explained and checked, and do what they say', async ({
  page,
}) => {
  const lab = new Lab(page)
  await lab.open()
  await lab.editorReady()
  const editor = page.locator('.monaco-editor').first()
  await editor.locator('.view-lines').first().click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.press('Delete')
  for (const [index, line] of [...head, '    podscape.dev/memory-gr'].entries()) {
    if (index > 0) await page.keyboard.insertText('\n')
    await page.keyboard.press('Shift+Home')
    await page.keyboard.insertText(line)
  }
  await page.keyboard.press('Control+Space')
  const suggestion = page.locator('.suggest-widget').getByText('podscape.dev/memory-growth').first()
  await expect(suggestion).toBeVisible()
  await page.keyboard.press('Enter')
  await editor.getByText('podscape.dev/memory-growth').first().hover()
  await expect(page.locator('.monaco-hover').getByText('A leak: memory that it takes more of')).toBeVisible()

  await page.mouse.move(700, 20)
  await expect(page.locator('.monaco-hover').getByText('A leak')).toBeHidden()

  const spec = ['spec:', '  containers:', '    - name: main', '      image: example.com/app']
  const limits = ['      resources:', '        limits:', '          memory: 60Mi']
  const wrong = [...head, '    podscape.dev/memory-growth: fast', ...spec, ...limits]
  await lab.applyByTyping(wrong.join('\n'))
  await expect(page.getByText('Warning: metadata.annotations[podscape.dev/memory-growth]: "fast"')).toBeVisible()
  await lab.run('kubectl delete pod staged --now')
  await lab.applyByTyping(wrong.join('\n').replace('fast', '5Mi/s'))
  await expect(page.getByText('pod/staged created')).toBeVisible()
  await lab.fastest()
  await expect(lab.pods('staged', 'OOMKilled').or(lab.pods('staged', 'CrashLoopBackOff'))).toHaveCount(1)
  expect(await lab.run('kubectl describe pod staged | grep -A4 "Last State"')).toMatch(
    /Last State:\s+Terminated\n\s+Reason:\s+OOMKilled\n\s+Exit Code:\s+137/,
  )
})
