import type { JsonObject } from '../../../../machinery/json-value.ts'
import { defineCommand, oneName } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { createGenerated, generatorFlags, pairOf } from './generator.ts'

interface Rule {
  readonly host: string
  readonly path: string
  readonly backend: JsonObject
  readonly tls: string | undefined
}

export const createIngress = defineCommand({
  use: 'ingress NAME --rule=host/path=service:port[,tls[=secret]] ',
  aliases: ['ing'],
  short: 'Create an ingress with the specified name',
  flags: {
    ...generatorFlags,
    class: flag.text('Ingress Class to be used'),
    rule: flag.array('Rule in format host/path=service:port[,tls=secretname].'),
    'default-backend': flag.text('Default service for backend, in format of svcname:port'),
    annotation: flag.array('Annotation to insert in the ingress object, in the format annotation=value'),
  },
  run(context) {
    const { flags } = context
    const name = oneName(context)
    if (flags.rule.length === 0 && flags['default-backend'] === '') {
      throw new UsageError(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
      )
    }
    const rules = flags.rule.map(ruleOf)
    const annotations = Object.fromEntries(
      flags.annotation.map(text =>
        pairOf(text, bad => `invalid annotation ${bad} and annotation must be in format key=value`),
      ),
    )
    const backend = flags['default-backend']
    const tls = tlsOf(rules)
    createGenerated(
      context,
      { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses', namespaced: true, called: 'ingress' },
      {
        kind: 'Ingress',
        apiVersion: 'networking.k8s.io/v1',
        metadata: { name, ...(flags.annotation.length > 0 && { annotations }) },
        spec: {
          ...(flags.class !== '' && { ingressClassName: flags.class }),
          ...(backend !== '' && { defaultBackend: backendOf(backend) }),
          ...(tls.length > 0 && { tls }),
          ...(rules.length > 0 && { rules: hostsOf(rules) }),
        },
        status: { loadBalancer: {} },
      },
    )
  },
})

function ruleOf(text: string): Rule {
  const [, host = '', path = '', service = '', port = '', , tls] =
    /^([^/=]*)(\/[^=]*)=([^:,]+):([^,]+)(,tls(?:=([^,]*))?)?$/.exec(text) ?? []
  if (service === '') {
    throw new UsageError(`rule ${text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`)
  }
  return { host, path, backend: backendOf(`${service}:${port}`), tls: text.includes(',tls') ? (tls ?? '') : undefined }
}

function backendOf(text: string): JsonObject {
  const [name = '', port = ''] = text.split(':')
  if (port === '') throw new UsageError(`default-backend should be in format servicename:serviceport`)
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } }
}

/** Rules of one host come together. A path that ends with a star is a prefix. */
function hostsOf(rules: readonly Rule[]): JsonObject[] {
  const hosts = new Map<string, JsonObject[]>()
  for (const { host, path, backend } of rules) {
    const isPrefix = path.endsWith('*')
    const entry = { path: isPrefix ? path.slice(0, -1) : path, pathType: isPrefix ? 'Prefix' : 'Exact', backend }
    hosts.set(host, [...(hosts.get(host) ?? []), entry])
  }
  return [...hosts].map(([host, paths]) => ({ ...(host !== '' && { host }), http: { paths } }))
}

function tlsOf(rules: readonly Rule[]): JsonObject[] {
  const hosts = new Map<string, string[]>()
  for (const { host, tls } of rules) {
    if (tls === undefined) continue
    const known = hosts.get(tls) ?? []
    if (host !== '' && !known.includes(host)) known.push(host)
    hosts.set(tls, known)
  }
  return [...hosts].map(([secretName, names]) => ({
    ...(names.length > 0 && { hosts: names }),
    ...(secretName !== '' && { secretName }),
  }))
}
