import { type FieldError, invalid } from '../../../machinery/fieldpath.ts'
import { deepFreeze } from '../../../machinery/object.ts'
import { conflict, notFound } from '../../../machinery/status.ts'
import { timestamp } from '../../../machinery/time.ts'
import { get } from '../../etcd/store.ts'
import { attributesOf, validate } from '../admission/admit.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { pods, serviceAccounts } from '../known.ts'
import { isOf, requestObject } from '../objects.ts'
import { type Fields, fieldsOf, listOf, textOf } from '../record.ts'
import { refuseInvalid } from '../registry/invalid.ts'
import { newUid } from '../registry/names.ts'
import { keyFor } from '../resources.ts'
import { issuer, signToken } from '../tokens.ts'

const defaultSeconds = 3600
const leastSeconds = 10 * 60

/** What the ServiceAccount admission plugin asks for; such tokens live for a year, and warn when they are older. */
const extendedSeconds = 3607
const yearSeconds = 365 * 24 * 3600

/** `serviceaccounts/token`: a token for an account, bound to a Pod if it is for one (core/serviceaccount/storage/token.go). */
export function requestToken(call: Call): Answer {
  const { resource, namespace = '', etcd, request, self } = call
  const name = nameOf(call)
  const account = get(etcd, keyFor(resource, namespace, name))?.value
  if (!isOf(serviceAccounts, account)) throw notFound(resource.kind, name)
  const spec = fieldsOf(fieldsOf(request.body).spec)
  const seconds = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds : defaultSeconds
  checkSpec(seconds)
  validate(call, requestObject(request.body), attributesOf(call, 'CREATE', name, undefined))
  const given = listOf(spec.audiences).map(textOf)
  const audiences = given.length > 0 ? given : [issuer]
  const begin = Math.floor(self.now / 1000)
  const isExtended = seconds === extendedSeconds && audiences.includes(issuer)
  const token = signToken({
    aud: audiences,
    exp: begin + (isExtended ? yearSeconds : seconds),
    iat: begin,
    iss: issuer,
    jti: newUid(() => self.random()),
    'kubernetes.io': {
      namespace,
      ...boundTo(call, fieldsOf(spec.boundObjectRef)),
      serviceaccount: { name, uid: account.metadata.uid },
      ...(isExtended && { warnafter: begin + seconds }),
    },
    nbf: begin,
    sub: `system:serviceaccount:${namespace}:${name}`,
  })
  const status = { token, expirationTimestamp: timestamp((begin + seconds) * 1000) }
  const metadata = { name, namespace, creationTimestamp: timestamp(self.now) }
  const answer = { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata }
  return {
    code: 201,
    body: deepFreeze({ ...answer, spec: { ...spec, audiences, expirationSeconds: seconds }, status }),
  }
}

function checkSpec(seconds: number): void {
  const errors: FieldError[] = []
  const field = 'spec.expirationSeconds'
  if (seconds < leastSeconds) errors.push(invalid(field, seconds, 'may not specify a duration less than 10 minutes'))
  if (seconds > 2 ** 32) errors.push(invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds'))
  refuseInvalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', errors)
}

/** The Pod that a token is for must be there, and be the one that is meant. */
function boundTo({ server, etcd, namespace }: Call, { kind, name, uid }: Fields): object {
  if (kind !== 'Pod') return {}
  const place = server.resources.find(pods.group, pods.version, pods.plural)
  const pod = place && get(etcd, keyFor(place, namespace, textOf(name)))?.value
  if (!isOf(pods, pod)) throw notFound(pods, textOf(name))
  if (uid !== undefined && uid !== pod.metadata.uid) {
    const why = `the UID in the bound object reference (${textOf(uid)}) does not match the UID in record. The object might have been deleted and then recreated`
    throw conflict(pods, textOf(name), why)
  }
  const { nodeName } = pod.spec
  return { pod: { name: pod.metadata.name, uid: pod.metadata.uid }, ...(nodeName && { node: { name: nodeName } }) }
}
