import { describe, expect, it } from 'vitest'
import { structDump } from './go-dump.ts'
import { fnv32, fnv32a, fnv32aOfCount, safeEncode } from './go-hash.ts'

describe('[B3] hashes', () => {
  // Test vectors of the FNV authors, which Go's hash/fnv uses, too.
  it.each([
    ['', 0x811c9dc5, 0x811c9dc5],
    ['a', 0xe40c292c, 0x050c5d7e],
    ['foobar', 0xbf9cf968, 0x31f0b262],
  ])('are FNV of %j', (text, a, plain) => {
    expect(fnv32a(text)).toBe(a)
    expect(fnv32(text)).toBe(plain)
  })

  it('go over the UTF-8 bytes of a text, in parts as in one', () => {
    expect(fnv32a('aé가😀b')).toBe(fnv32a('😀b', fnv32a('aé가')))
    expect(fnv32a('é')).toBe(0x1e9de8c1)
    expect(fnv32aOfCount(1, fnv32a('a'))).toBe(fnv32a('\u0001\0\0\0\0\0\0\0', fnv32a('a')))
  })

  it('are written without vowels and look-alikes', () => {
    expect(safeEncode(1234567890)).toBe('56789bcdf4')
  })
})

describe('[B3] dumps of Go structs', () => {
  const table = `
Pod: Name string, Count *int32, Tags []string, Labels map[string]string, ...Source v1.Source,
  Port intstr.IntOrString, Phase v1.Phase, Limits v1.ResourceList
Source: HostPath *v1.HostPath, IsSet(set) bool
HostPath: Path string
`
  const dump = structDump(table, 'Pod')

  it('show fields that are not set, with their types', () => {
    expect(dump({})).toBe(
      '(v1.Pod){Name:(string) Count:(*int32)<nil> Tags:([]string)<nil> Labels:(map[string]string)<nil> ' +
        'Source:(v1.Source){HostPath:(*v1.HostPath)<nil> IsSet:(bool)false} ' +
        'Port:(intstr.IntOrString){Type:(intstr.Type)0 IntVal:(int32)0 StrVal:(string)} Phase:(v1.Phase) ' +
        'Limits:(v1.ResourceList)<nil>}',
    )
  })

  it('read embedded structs from the outer object, sort maps, and know how quantities are held', () => {
    const limits = { memory: '64Mi', cpu: '100m', big: '123456789012345678901' }
    const pod = {
      name: 'a',
      count: 0,
      tags: ['x', 'y'],
      labels: { b: '2', a: '1' },
      hostPath: { path: '/' },
      set: true,
    }
    expect(dump({ ...pod, port: 'http', phase: 'Up', limits })).toBe(
      '(v1.Pod){Name:(string)a Count:(*int32)0 Tags:([]string)[x y] Labels:(map[string]string)map[a:1 b:2] ' +
        'Source:(v1.Source){HostPath:(*v1.HostPath){Path:(string)/} IsSet:(bool)true} ' +
        'Port:(intstr.IntOrString){Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)http} Phase:(v1.Phase)Up ' +
        'Limits:(v1.ResourceList)map[' +
        'big:{i:(resource.int64Amount){value:(int64)0 scale:(resource.Scale)0} d:(resource.infDecAmount)' +
        '{Dec:(*inf.Dec){unscaled:(big.Int){neg:(bool)false abs:(big.nat)[12776324570088369205 6]} scale:(inf.Scale)0}} ' +
        's:(string) Format:(resource.Format)DecimalSI} ' +
        'cpu:{i:(resource.int64Amount){value:(int64)100 scale:(resource.Scale)-3} ' +
        'd:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)100m Format:(resource.Format)DecimalSI} ' +
        'memory:{i:(resource.int64Amount){value:(int64)67108864 scale:(resource.Scale)0} ' +
        'd:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string) Format:(resource.Format)BinarySI}]}',
    )
  })
})
