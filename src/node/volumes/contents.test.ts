import { describe, expect, it } from 'vitest'
import type { ConfigMap } from '../../api/core/configmap.ts'
import type { Secret } from '../../api/core/secret.ts'
import type { Volume } from '../../api/generated/core.v1.ts'
import { decodeBase64 } from '../../machinery/base64.ts'
import { contentsOf, type Sources } from './contents.ts'

const metadata = { name: 'x', uid: '', resourceVersion: '', creationTimestamp: '' }
const settings: ConfigMap = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata },
  data: { color: 'blue' },
  binaryData: { raw: 'aGk=' },
}
const login: Secret = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: { user: 'YWRtaW4=' } }

const sources: Sources = {
  configMap: name => (name === 'settings' ? settings : undefined),
  secret: name => (name === 'login' ? login : undefined),
  token: () => 'a.b.c',
  downward: file => `<${file.fieldRef?.fieldPath}>`,
}

const defaultMode = 420

describe('[E3] volumes: what they hold', () => {
  it.each<[string, Omit<Volume, 'name'>, Record<string, string>]>([
    ['an emptyDir begins empty', { emptyDir: {} }, {}],
    [
      'a ConfigMap has a file for each key',
      { configMap: { name: 'settings', defaultMode } },
      { '/color': 'blue', '/raw': 'hi' },
    ],
    [
      'items choose keys and their paths',
      { configMap: { name: 'settings', defaultMode, items: [{ key: 'color', path: 'deep/er' }] } },
      { '/deep/er': 'blue' },
    ],
    ['a Secret is decoded', { secret: { secretName: 'login', defaultMode } }, { '/user': 'admin' }],
    ['what is optional may be absent', { secret: { secretName: 'nope', optional: true, defaultMode } }, {}],
    [
      'an optional key may be absent, too',
      { configMap: { name: 'settings', optional: true, defaultMode, items: [{ key: 'size', path: 's' }] } },
      {},
    ],
    [
      'a projected volume joins its sources',
      {
        projected: {
          defaultMode,
          sources: [
            { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
            { configMap: { name: 'settings', items: [{ key: 'color', path: 'color' }] } },
            {
              downwardAPI: { items: [{ path: 'ns', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] },
            },
          ],
        },
      },
      { '/token': 'a.b.c', '/color': 'blue', '/ns': '<metadata.namespace>' },
    ],
  ])('%s', (_sentence, volume, files) => {
    expect(contentsOf({ name: 'v', ...volume }, sources)).toEqual({ ok: true, files })
  })

  it.each<[Omit<Volume, 'name'>, string]>([
    [{ configMap: { name: 'nope', defaultMode } }, 'configmap "nope" not found'],
    [{ secret: { secretName: 'nope', defaultMode } }, 'secret "nope" not found'],
    [
      { configMap: { name: 'settings', defaultMode, items: [{ key: 'size', path: 's' }] } },
      'references non-existent config key: size',
    ],
    [
      { secret: { secretName: 'login', defaultMode, items: [{ key: 'size', path: 's' }] } },
      'references non-existent secret key: size',
    ],
  ])('says in upstream’s words what is missing (%j)', (volume, error) => {
    expect(contentsOf({ name: 'v', ...volume }, sources)).toEqual({ ok: false, error })
  })
})

describe('[E2] volumes: base64', () => {
  it.each([
    ['', ''],
    ['aGVsbG8=', 'hello'],
    ['7ZWc6riA', '한글'],
    ['8J+Qsw==', '🐳'],
    ['/w==', '\ufffd'],
    ['aGVs\nbG8=', 'hello'],
  ])('reads %j as %j', (encoded, text) => {
    expect(decodeBase64(encoded)).toBe(text)
  })
})
