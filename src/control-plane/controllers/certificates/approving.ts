import { CertificateSigningRequest } from '../../../api/certificates/certificatesigningrequest.ts'
import { decodeBase64 } from '../../../api/meta/base64.ts'
import { defineController } from '../../../client/controller.ts'
import { defineKind } from '../../../machinery/kind.ts'
import { timestamp } from '../../../machinery/time.ts'
import { parseRequest } from '../../../machinery/x509/request.ts'
import { complaintOf } from './signers.ts'

const SubjectAccessReview = defineKind({
  ...{ group: 'authorization.k8s.io', version: 'v1', kind: 'SubjectAccessReview', plural: 'subjectaccessreviews' },
  namespaced: false,
})

interface Review {
  readonly status: { readonly allowed: boolean }
}

const recognized = [
  {
    subresource: 'selfnodeclient',
    message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
  },
  { subresource: 'nodeclient', message: 'Auto approving kubelet client certificate after SubjectAccessReview.' },
]

/** Approves what kubelets ask for to be their nodes, if who asks may. Models pkg/controller/certificates/approver. */
export const certificateApprover = defineController({
  name: 'csrapproving',
  serviceAccount: 'certificate-controller',
  reconciles: CertificateSigningRequest,

  reconcile(request, { api, now }) {
    const { spec, status } = request
    if (status.certificate || status.conditions?.length) return
    if (spec.signerName !== 'kubernetes.io/kube-apiserver-client-kubelet' || complaintOf(request) !== undefined) return
    const { commonName } = parseRequest(decodeBase64(spec.request)).subject
    const { username: user, uid, groups, extra } = spec
    for (const { subresource, message } of recognized) {
      if (subresource === 'selfnodeclient' && user !== commonName) continue
      const group = 'certificates.k8s.io'
      const resourceAttributes = { group, resource: 'certificatesigningrequests', verb: 'create', subresource }
      const body = { spec: { user, uid, groups, extra, resourceAttributes } }
      const review = api.send<Review>({ verb: 'create', kind: SubjectAccessReview, body })
      if (!review.status.allowed) continue
      const condition = { type: 'Approved', status: 'True', reason: 'AutoApproved', message }
      const conditions = [{ ...condition, lastUpdateTime: timestamp(now), lastTransitionTime: timestamp(now) }]
      const approved = { ...request, status: { ...status, conditions } }
      const { name } = request.metadata
      api.send({ verb: 'update', kind: CertificateSigningRequest, name, subresource: 'approval', body: approved })
      return
    }
  },
})
