import { describe, expect, it } from 'vitest'
import { splitPodName } from './pod-name.ts'

describe('a Pod name', () => {
  it.each([
    ['echo-hname-7894b67f-x2k9p', 'echo-hname', 'x2k9p'],
    ['rollout-nginx-64dd56c7b5-h6svc', 'rollout-nginx', 'h6svc'],
    ['kube-proxy-4sfhd', 'kube-proxy', '4sfhd'],
    ['coredns-66bc5c9577-bzkcn', 'coredns', 'bzkcn'],
    ['nginx-pod', 'nginx-pod', undefined],
    ['web-0', 'web-0', undefined],
    ['my-house', 'my-house', undefined],
  ])('[J1] %s is read as %s', (name, base, suffix) => {
    expect(splitPodName(name)).toEqual({ base, suffix })
  })
})
