import type { Job } from '../../api/batch/job.ts'
import { Pod } from '../../api/core/pod.ts'
import { findCondition } from '../../api/meta/conditions.ts'
import type { Explanation } from './explanation.ts'
import { blame, ownedBy } from './workload.ts'
import type { World } from './world.ts'

/** Why a Job has failed, waits or goes on. */
export function whyJob(job: Job, world: World): readonly Explanation[] {
  const { spec, status, metadata } = job
  const failed = findCondition(status.conditions, 'Failed') ?? findCondition(status.conditions, 'FailureTarget')
  if (failed?.status === 'True') {
    const { reason = '', message = '', type } = failed
    const text = failures[reason] ?? { en: `It failed: ${message}.`, ko: `실패했습니다: ${message}.` }
    return [{ tone: 'bad', text, evidence: [{ source: `status.conditions[${type}]`, text: `${reason}: ${message}` }] }]
  }
  const counts = { source: 'status', text: `${status.succeeded ?? 0} succeeded, ${status.failed ?? 0} failed` }
  if (findCondition(status.conditions, 'Complete')?.status === 'True') {
    const text = { en: 'It is done.', ko: '완료되었습니다.' }
    return [{ tone: 'good', text, evidence: [counts] }]
  }
  if (spec.suspend) {
    const text = { en: 'It is suspended.', ko: '일시 중단(suspend)된 상태입니다.' }
    return [{ tone: 'idle', text, evidence: [{ source: 'spec.suspend', text: 'true' }] }]
  }
  const blamed = blame(ownedBy(world.list(Pod, metadata.namespace), job), world)
  if (blamed) return [blamed]
  const text =
    (status.failed ?? 0) > 0 && (status.active ?? 0) === 0
      ? {
          en: 'A Pod of it failed; the next one is made after a back-off that doubles each time.',
          ko: '파드가 실패했습니다. 다음 파드는 매번 두 배로 늘어나는 대기 시간 뒤에 만들어집니다.',
        }
      : { en: 'It is at work.', ko: '실행 중입니다.' }
  return [{ tone: 'busy', text, evidence: [counts] }]
}

const failures: Readonly<Record<string, { readonly en: string; readonly ko: string }>> = {
  BackoffLimitExceeded: {
    en: 'Its Pods failed more often than backoffLimit allows.',
    ko: '파드 실패 횟수가 backoffLimit을 넘었습니다.',
  },
  DeadlineExceeded: {
    en: 'It took longer than activeDeadlineSeconds.',
    ko: 'activeDeadlineSeconds보다 오래 걸렸습니다.',
  },
  PodFailurePolicy: {
    en: 'A Pod failed in a way that its podFailurePolicy takes as the end.',
    ko: 'podFailurePolicy에 따라 파드의 실패로 잡 전체가 종료되었습니다.',
  },
  FailedIndexes: {
    en: 'Some of its indexes failed too often.',
    ko: '일부 인덱스가 허용된 횟수보다 많이 실패했습니다.',
  },
  MaxFailedIndexesExceeded: {
    en: 'More indexes failed than maxFailedIndexes allows.',
    ko: '실패한 인덱스 수가 maxFailedIndexes를 넘었습니다.',
  },
}
