import { describe, expect, it } from 'vitest'
import { parseReference } from './reference.ts'

const digest = `sha256:${'ab'.repeat(32)}`

describe('[B10] runtime: names of images', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.14', 'docker.io/library/nginx:1.14'],
    ['sysnet4admin/echo-hname', 'docker.io/sysnet4admin/echo-hname:latest'],
    ['docker.io/nginx', 'docker.io/library/nginx:latest'],
    ['index.docker.io/library/nginx:1', 'docker.io/library/nginx:1'],
    ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'],
    ['localhost/app', 'localhost/app:latest'],
    ['registry.example:5000/team/app:v1', 'registry.example:5000/team/app:v1'],
    [`nginx@${digest}`, `docker.io/library/nginx@${digest}`],
    [`nginx:1.14@${digest}`, `docker.io/library/nginx@${digest}`],
  ])('reads %s as %s', (text, name) => {
    const parsed = parseReference(text)
    expect(parsed.ok && parsed.reference.name).toBe(name)
  })

  it.each([
    ['Nginx', 'invalid reference format: repository name (library/Nginx) must be lowercase'],
    ['team/App:1', 'invalid reference format: repository name (team/App) must be lowercase'],
    ['nginx:', 'invalid reference format'],
    ['nginx:-1', 'invalid reference format'],
    ['nginx@sha256:1', 'invalid reference format'],
    ['a b', 'invalid reference format'],
    ['', 'invalid reference format'],
    ['ab'.repeat(32), `invalid repository name (${'ab'.repeat(32)}), cannot specify 64-byte hexadecimal strings`],
  ])('refuses %j: %s', (text, error) => {
    expect(parseReference(text)).toEqual({ ok: false, error })
  })
})
